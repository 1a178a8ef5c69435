"""Kinds of syntax nodes that the running Python may lack."""

import ast


class TemplateText(ast.JoinedStr):
    """A t-string of Python 3.14."""
