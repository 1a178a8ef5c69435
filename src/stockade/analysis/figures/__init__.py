"""Principles as numbers: how much is granted that is not needed, and whose each control is."""

from stockade.analysis.figures.controls import controls
from stockade.analysis.figures.privileges import privileges

__all__ = ["controls", "privileges"]
