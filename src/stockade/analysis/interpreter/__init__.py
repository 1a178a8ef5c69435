"""Runs a handler on abstract values, and notes where data of its event arrives."""
