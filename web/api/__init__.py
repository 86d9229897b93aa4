"""The API under ``/api/v1``: the verbs of pages and command line, for programs with a token."""
