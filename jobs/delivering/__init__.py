"""From the ledger to a CRM: handed over, written down, tried again."""
