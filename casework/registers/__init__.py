"""Registers 台账 of any kind: kept with their history, searched, imported, exported and checked."""
