"""A typed client of the API for Python programs; it needs ``httpx`` and nothing of the rest."""

from client.calls import Bihuan
from client.session import Problem, is_signed

__all__ = ["Bihuan", "Problem", "is_signed"]
