"""What a front end makes of the author's files: one template, whatever it was written in."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.model import Framework, Map, Unseen
from stockade.model.record import field, record


@record(kw_only=True, eq=False)
class Draft:
    """One template as a front end hands it over, before anything in it is resolved.

    `root` has the sections of a CloudFormation template. References between resources, and to
    what is given at deployment, are intrinsic functions (`{"Ref": ...}`,
    `{"Fn::GetAtt": [...]}`) and `Parameters`; a value that the front end cannot tell is an
    `Unknown` in its place. Paths of code are relative to the folder of the draft's file.
    """

    root: Map
    written_as: Mapping[str, str] = field(default_factory=dict)
    """The author's own word for a resource, by logical id, where it is not its `Type`."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The author's own name of a resource, by logical id, where a framework makes the id of it."""
    framework: Framework = Framework.CLOUDFORMATION
    parts: frozenset[str] = frozenset()
    """Further files that this application is made of, which are none of their own."""


Reading: TypeAlias = Callable[
    [Folder, Sequence[str], ParameterOptions, list[Unseen]], Mapping[str, Draft]
]
"""A front end: given the paths of those files that its marks name, it returns drafts by the path
of the file that stands for each application. It never raises for what an author may write: what
it cannot read it adds to the list. Values that it takes from the options' `given` are
`Parameters` of its draft."""
