"""Webhooks out: case events posted, signed and in order, to whoever an administrator names."""
