"""Immutable classes for the nouns of the model, cheap to define and to make."""

from stockade._record import field, fields, record, replace

__all__ = ["field", "fields", "record", "replace"]
