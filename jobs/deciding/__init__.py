"""From a submission that was read to what is decided and stored."""
