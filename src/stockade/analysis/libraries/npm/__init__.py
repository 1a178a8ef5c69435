"""Packages of npm that functions use, a table for each thing that they are used for."""
