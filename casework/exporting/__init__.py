"""Export: what a query finds, all of it, in a file with a receipt; and one case as an archive."""
