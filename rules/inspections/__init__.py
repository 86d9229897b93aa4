"""Inspections 检查: checklists and their clauses, plans and periods, what a record must hold."""
