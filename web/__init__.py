"""The pages: casework's verbs in a browser. Nothing is decided here."""
