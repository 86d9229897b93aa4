"""Periodic reports 定期报告, called filings: their templates, periods, due days and checks."""
