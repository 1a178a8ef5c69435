"""Views that a scan is needed for: attack paths, blast radius, figures."""

from collections.abc import Iterable, Iterator

from stockade.model import Figures, Report
from stockade.reports import words
from stockade.reports.tables import Row, View


def views(report: Report, names: Iterable[str]) -> Iterator[View]:
    """Yield the views of a report that were asked for, by application."""
    for name in names:
        for app in report.applications:
            yield View(app.name, name, tuple(_VIEWS[name](report, app.name)))


def _paths(report: Report, application: str) -> Iterator[Row]:
    for path in report.paths:
        if path.application == application:
            yield {
                "severity": words.code(path.severity),
                "who": words.code(path.exposure),
                "says": path.says,
                "goal": path.goal.kind.name.lower().replace("_", "-"),
                "moves": [f"{move.kind.value}: {move.note}" for move in path.moves],
                "cuts": [
                    f"{cut.kind.value} {words.place(cut.at)}: {cut.help}" for cut in path.cuts
                ],
                "controls": list(path.controls),
                "confidence": path.confidence.name.lower(),
            }


def _radius(report: Report, application: str) -> Iterator[Row]:
    for one in report.blast_radius:
        if one.application == application:
            yield {
                "function": one.function,
                "reads": [loss.what for loss in one.stores if loss.reads],
                "changes": [loss.what for loss in one.stores if loss.writes or loss.deletes],
                "secrets": list(one.secrets),
                "functions": list(one.functions),
                "roles": list(one.roles),
                "account": one.account,
                "unknown": list(one.unknown),
            }


def _figures(report: Report, application: str) -> Iterator[Row]:
    for one in report.figures:
        if one.application == application:
            yield from figures_of(one)


def figures_of(figures: Figures) -> Iterator[Row]:
    """Yield the figures of one application, a row for each."""
    for surface in figures.surface:
        told = [
            words.count(surface.entry_points, "way in", "ways in"),
            words.count(surface.functions, "function"),
            words.count(surface.permissions, "permission"),
        ]
        yield {
            "principle": "O1",
            "figure": f"surface for {words.EXPOSED_TO[surface.exposure]}",
            "value": told,
        }
    granted = sum(one.granted for one in figures.privileges)
    if granted:
        spare = sum(one.spare for one in figures.privileges)
        needed = sum(one.needed for one in figures.privileges)
        yield {
            "principle": "O2",
            "figure": "actions on resources, over all functions",
            "value": [f"{granted} granted", f"{needed} needed", f"{spare} to spare"],
        }
    for controls, number in figures.ways:
        yield {
            "principle": "O3",
            "figure": f"ways to data with {words.count(controls, 'independent control')}",
            "value": [str(number)],
        }
    for way in figures.thin:
        yield {
            "principle": "O3",
            "figure": f"a way from {way.entry}",
            "value": [f"to {way.store}", *(way.controls or ("no control",))],
        }
    for control in figures.controls:
        yield {
            "principle": "O4",
            "figure": control.name,
            "value": [
                f"{control.provider} by AWS",
                f"{control.application} by the application",
                f"{control.nobody} by nobody",
            ],
        }


PATHS = "paths"

_VIEWS = {PATHS: _paths, "radius": _radius, "figures": _figures}

REPORTED = tuple(_VIEWS)
"""The views that a scan is needed for, by the words that `show` takes."""
