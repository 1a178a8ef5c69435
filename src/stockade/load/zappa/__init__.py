"""Zappa: one WSGI or ASGI application behind an API, and functions called by events.

Follows "Advanced Settings" and "Executing in Response to AWS Events" of Zappa's documentation. One
Lambda function of Zappa's runs them all; here each of the author's functions is one, with the one
role. Drafts are in SAM's words.
"""

from collections.abc import Sequence

from stockade.load.draft import Draft
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.load.zappa.resources import template_of
from stockade.load.zappa.settings import read_settings
from stockade.model import Unseen

__all__ = ["drafts"]


def drafts(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> dict[str, Draft]:
    """Return a draft for each of the settings files `paths`.

    The stage is the option `stage`, else `dev`, else the first that is written.
    """
    found = {}
    for path in paths:
        if not sources.is_vendored(path):
            settings = read_settings(sources, path, options, unseen)
            if settings is not None:
                found[path] = template_of(settings, unseen)
    return found
