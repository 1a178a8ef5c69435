"""What each resource type of the AWS provider is in CloudFormation.

Follows the "Resources" pages of the AWS provider in the Terraform Registry, and the CloudFormation
template reference.
"""

from collections.abc import Mapping
from typing import Final

from stockade.load.terraform.kinds import Kind
from stockade.load.terraform.tables.apis import APIS
from stockade.load.terraform.tables.compute import COMPUTE
from stockade.load.terraform.tables.edge import EDGE
from stockade.load.terraform.tables.identity import IDENTITY
from stockade.load.terraform.tables.messaging import MESSAGING
from stockade.load.terraform.tables.storage import STORAGE

KINDS: Final[Mapping[str, Kind]] = {
    **COMPUTE,
    **STORAGE,
    **MESSAGING,
    **APIS,
    **IDENTITY,
    **EDGE,
}


def attribute_named(type_: str, attribute: str) -> str:
    """Return the attribute of Terraform that means one of CloudFormation, or its `Ref`."""
    form = "" if attribute == "Ref" else f".{attribute}"
    kind = KINDS.get(type_)
    for name, known in kind.references.items() if kind is not None else ():
        if known == form:
            return name
    return "id" if attribute == "Ref" else attribute.lower()
