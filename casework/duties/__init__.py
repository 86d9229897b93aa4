"""Duties opened, ended, chased and listed."""
