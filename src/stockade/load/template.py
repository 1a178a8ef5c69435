"""A template with its references followed: what the front ends hand to each other."""

from collections.abc import Mapping

from stockade.model import Map, Resource, ResourceId, Stack
from stockade.model.record import record


@record(kw_only=True, eq=False)
class Template:
    """One stack's template after parameters, conditions and intrinsic functions were resolved.

    `resources` have the types that the author wrote (`AWS::Serverless::Function` included) and
    ids that are unique in the application. `transforms` are the names under `Transform`.
    `globals` is SAM's `Globals` section.
    """

    stack: Stack
    transforms: tuple[str, ...]
    globals: Map | None
    resources: Mapping[ResourceId, Resource]
