"""What can go wrong with a policy document."""

from stockade.errors import InputError


class PolicyError(InputError):
    """A policy document that AWS would not accept: says what, where, and what to do."""
