"""The offline verifier: one file that needs nothing of ours; every bundle holds a copy of it."""
