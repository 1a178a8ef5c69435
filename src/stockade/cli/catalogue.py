"""`stockade catalogue`: what stockade knows of AWS, of when it is, and newer facts for it."""

import argparse

from stockade.catalogue import provenance
from stockade.cli.output import write
from stockade.reports.untrusted import shown

MOST_NAMED = 10


def run(arguments: argparse.Namespace) -> int:
    """Tell where the catalogue comes from, or bring newer data into the user's copy."""
    if arguments.verb == "update":
        write(_updated(arguments.source), None)
    else:
        write(_told(), None)
    return 0


def _told() -> str:
    known = provenance()
    whose = "your own copy" if known.updated else "the copy that comes with stockade"
    lines = [f"actions of AWS as of {known.date}, {whose}"]
    lines += [f"  {source.package} {source.version}" for source in known.sources]
    return "".join(f"{line}\n" for line in lines)


def _updated(source: str | None) -> str:
    from stockade.catalogue.update import update  # noqa: PLC0415 - only this verb reaches out

    made = update(source)
    counts = f"{len(made.added)} actions new, {len(made.removed)} gone"
    told = [f"{len(made.services)} services read, {counts}; the copy is in {made.path}"]
    for title, names in (("new", made.added), ("gone", made.removed)):
        told += [shown(f"  {title:<4} {name}") for name in names[:MOST_NAMED]]
        if len(names) > MOST_NAMED:
            told.append(f"  and {len(names) - MOST_NAMED} more {title}")
    return "".join(f"{line}\n" for line in told)
