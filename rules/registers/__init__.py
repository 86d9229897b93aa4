"""Registers 台账: what a school keeps of its buses, drivers and guards, and when it runs out.

Kinds are data: ``*.toml`` beside this file. A new kind needs no table, command or page.
"""
