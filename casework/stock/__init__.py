"""The stock of chemicals: entries with one signature or two, counts, and what a ledger says."""
