"""Alembic's migrations; ``models.schema`` runs them."""
