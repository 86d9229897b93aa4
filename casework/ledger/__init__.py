"""Ledgers 台账 as files: read from .xlsx, .xls and .csv, checked, sent back, offered empty.

``reader.open_ledger`` yields rows, ``entries.read_entry`` makes one an entry or its problems,
``corrections.write_error_workbook`` returns bad rows, ``template.write_template`` an empty ledger.
Nothing is imported here: the child that parses loads only what it needs.
"""
