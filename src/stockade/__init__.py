"""Find what an outsider can do to a serverless application, from its template and its code."""

__version__ = "0.1.0"
