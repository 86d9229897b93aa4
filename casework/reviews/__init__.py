"""Yearly reviews 年审 of what a register holds: opened, asked for, carried out, listed."""
