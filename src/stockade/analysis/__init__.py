"""Application to facts: what no single file states."""
