"""Prove that no history was rewritten: leaves, tree, signed heads, and how anybody checks them."""
