"""Ledgers handed in: kept for a week beside the evidence, rehearsed, imported, told of."""
