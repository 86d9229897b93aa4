"""Inspections 检查: checklists adopted, plans, tasks given out and drawn, records, signatures."""
