"""Filings 定期报告: compiled from the cases, filled in, checked, signed, frozen, summed up."""
