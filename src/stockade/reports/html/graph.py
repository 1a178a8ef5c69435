"""Nodes and edges, numbered as they are drawn: nothing that was scanned is a key in the page."""

from typing import Any

from stockade.model import Exposure, Location
from stockade.model.record import field, record
from stockade.reports.untrusted import shown

LONGEST = 120
"""Characters of a name that are kept."""


@record(kw_only=True)
class Node:
    """One thing in the drawing, of a kind that `kinds` lists."""

    kind: str
    label: str
    type: str = ""
    at: Location | None = None
    stack: str = ""


@record(kw_only=True)
class Edge:
    """What leads from one node to another: `sends`, `opens` (a grant) or `names` (a setting)."""

    start: int
    end: int
    kind: str
    told: list[str] = field(default_factory=list)
    """What is sent, which actions, which variables."""
    exposures: list[Exposure] = field(default_factory=list)
    at: list[Location] = field(default_factory=list)


class Graph:
    """The nodes and edges of one application, found by what they stand for."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.edges: dict[tuple[int, int, str], Edge] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._reached: dict[int, Exposure] = {}

    def number(self, key: tuple[str, str]) -> int | None:
        """Return the number of the node that stands for `key`, if there is one."""
        return self._numbers.get(key)

    def add(self, key: tuple[str, str], node: Node) -> int:
        """Return the number of the node for `key`, which is `node` unless there is one."""
        if key not in self._numbers:
            self._numbers[key] = len(self.nodes)
            self.nodes.append(node)
        return self._numbers[key]

    def edge(self, start: int, end: int, kind: str) -> Edge:
        """Return the edge of a kind between two nodes, drawn now if it was not."""
        return self.edges.setdefault((start, end, kind), Edge(start=start, end=end, kind=kind))

    def reach(self, number: int, exposure: Exposure) -> None:
        """Note that someone can reach a node; the most exposed way counts."""
        self._reached[number] = max(self._reached.get(number, exposure), exposure)

    def data(self) -> dict[str, Any]:
        """Write nodes and edges as the page reads them."""
        return {
            "nodes": [self._node(number, node) for number, node in enumerate(self.nodes)],
            "edges": [_edge(edge) for edge in self.edges.values()],
        }

    def _node(self, number: int, node: Node) -> dict[str, Any]:
        written: dict[str, Any] = {"kind": node.kind, "label": text(node.label)}
        if node.type:
            written["type"] = text(node.type)
        if node.at is not None and node.at.path:
            written["at"] = [text(node.at.path), node.at.line]
        if node.stack:
            written["stack"] = text(node.stack)
        if number in self._reached:
            written["exposure"] = int(self._reached[number])
        return written


def _edge(edge: Edge) -> dict[str, Any]:
    written: dict[str, Any] = {"from": edge.start, "to": edge.end, "kind": edge.kind}
    if edge.told:
        written["told"] = [text(one) for one in dict.fromkeys(edge.told)]
    if edge.exposures:
        written["exposure"] = int(max(edge.exposures))
    if edge.kind == "opens" and any("*" in action for action in edge.told):
        written["wide"] = True
    return written


def text(scanned: str) -> str:
    """Return scanned text as reports show it, cut where it is longer than anyone reads."""
    safe = shown(scanned)
    return safe if len(safe) <= LONGEST else f"{safe[: LONGEST - 1]}…"
