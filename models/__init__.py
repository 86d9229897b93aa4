"""What we remember: the tables, and the engine they live in."""
