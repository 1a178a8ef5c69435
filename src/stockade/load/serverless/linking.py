"""Outputs of one service that another one takes: `${cf:stack.Output}`.

Where both are in the folder, the output is exported under that name, and what takes it is an
import, as between stacks of CloudFormation.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from stockade.load.building import write
from stockade.load.draft import Draft
from stockade.load.sources import Folder
from stockade.model import Framework, Map, Scalar, Value, walk
from stockade.model.record import record, replace

_QUALIFIED = "QualifiedArn"


@record(kw_only=True)
class Packaged:
    """A service's template before it becomes a draft. `stack` is the name of its stack."""

    path: str
    stack: str
    root: Map
    parts: frozenset[str]
    written_as: Mapping[str, str]
    names: Mapping[str, str]

    def draft(self) -> Draft:
        """Return the draft."""
        return Draft(
            root=self.root,
            written_as=self.written_as,
            names=self.names,
            framework=Framework.SERVERLESS,
            parts=self.parts,
        )


def link(found: dict[str, Packaged], sources: Folder) -> None:
    """Export from every service the outputs that others take by the name of its stack."""
    if len(found) == 1:
        return
    taken = {
        name
        for path, one in found.items()
        for name in sources.recall(("imports", path), (one,), partial(_imported, one.root))
    }
    for path, one in found.items():
        wanted = {
            name.removeprefix(f"{one.stack}."): name
            for name in taken
            if one.stack and name.startswith(f"{one.stack}.")
        }
        if wanted:
            found[path] = replace(one, root=_exporting(one.root, wanted))


def _imported(root: Map, _folder: Folder) -> frozenset[str]:
    return frozenset(_imports(root))


def _imports(root: Map) -> Iterator[str]:
    for value in walk(root):
        if isinstance(value, Map) and len(value.entries) == 1:
            name = value.get("Fn::ImportValue")
            if isinstance(name, Scalar) and isinstance(name.value, str):
                yield name.value


def _exporting(root: Map, wanted: Mapping[str, str]) -> Map:
    outputs = root.get("Outputs")
    resources = root.get("Resources")
    known = outputs.entries if isinstance(outputs, Map) else {}
    more: dict[str, Value] = {}
    for output, name in wanted.items():
        declared = known.get(output)
        value = declared.get("Value") if isinstance(declared, Map) else None
        function = output.removesuffix(_QUALIFIED)
        if value is None and isinstance(resources, Map) and function in resources:
            value = write({"Fn::GetAtt": [function, "Arn"]}, resources.key_at(function))
        if value is not None:
            more[f"{output}.{name}"] = write({"Value": value, "Export": {"Name": name}}, value.at)
    made = Map({**known, **more}, root.at, outputs.keys if isinstance(outputs, Map) else {})
    return Map({**root.entries, "Outputs": made}, root.at, root.keys)
