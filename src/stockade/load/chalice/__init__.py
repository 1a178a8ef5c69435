"""AWS Chalice: functions by their decorators, settings by `.chalice/config.json`.

Follows "Chalice documentation: Configuration File", "Decorators and classes" and what `chalice
package` generates. Drafts are in SAM's words, as those of `chalice package` are.
"""

import posixpath
from collections.abc import Sequence

from stockade.load.chalice.config import read_config
from stockade.load.chalice.decorators import read_program
from stockade.load.chalice.resources import template_of
from stockade.load.draft import Draft
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.model import Location, Unseen

__all__ = ["drafts"]


def drafts(
    sources: Folder, paths: Sequence[str], options: ParameterOptions, unseen: list[Unseen]
) -> dict[str, Draft]:
    """Return a draft for each `app.py` of `paths`, beside which there is a `.chalice` folder.

    The stage is the option `stage`, else `dev`, as on Chalice's own command line.
    """
    found = {}
    for path in paths:
        folder = posixpath.dirname(path)
        config = read_config(sources, folder, options, unseen)
        program = read_program(sources, path, config.environment, unseen)
        if program.decorated:
            found[path] = template_of(program, config)
        else:
            why = "no function is decorated in a way that can be read, so nothing of it is known"
            unseen.append(Unseen(Location(path, 1), "template", why))
    return found
