"""The playbook that holds, its revisions, and what another one would have made of what arrived."""
