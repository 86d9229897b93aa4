"""The verbs: each function is one transaction's worth of work on cases."""
