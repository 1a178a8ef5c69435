"""What each step of a finding is about: a node, and the edge where it is one."""

from bisect import bisect_right

from stockade.model import Location, ResourceId, Step, references
from stockade.reports.html.drawing import Drawing


class Places:
    """The places of one application's templates, by what is drawn of them."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._starts: dict[str, list[tuple[int, ResourceId]]] = {}
        for resource in drawing.app.resources.values():
            self._starts.setdefault(resource.at.path, []).append((resource.at.line, resource.id))
        for starts in self._starts.values():
            starts.sort()
        self._edges = {
            at: (edge.end, number)
            for number, edge in enumerate(drawing.graph.edges.values())
            for at in edge.at
        }

    def shown_by(self, step: Step, function: int | None) -> tuple[int | None, int | None]:
        """Return the node and the edge that a step is about; `function` where it is code."""
        if step.at in self._edges:
            return self._edges[step.at]
        resource = self._resource(step.at)
        return (function if resource is None else self._nearest(resource, function)), None

    def _resource(self, at: Location) -> ResourceId | None:
        """Return the resource that a line belongs to: the last that begins before it."""
        starts = self._starts.get(at.path)
        if not starts:
            return None
        number = bisect_right(starts, at.line, key=lambda one: one[0]) - 1
        return starts[number][1] if number >= 0 else None

    def _nearest(self, resource: ResourceId, function: int | None) -> int | None:
        """Return a resource's node, or that of the first drawn one which it speaks of."""
        drawing = self._drawing
        number = drawing.node(resource)
        if number is not None:
            return number
        for reference in references(drawing.app.resources[resource].properties):
            number = drawing.node(reference.resource)
            if number is not None:
                return number
        return function
