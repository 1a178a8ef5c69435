"""The Terraform language as a small tree: bodies of attributes and blocks, and expressions.

Follows "Syntax - Configuration Language" and "Expressions" in the documentation of Terraform.
HCL and its JSON form (`.tf.json`) become the same tree.
"""

from collections.abc import Mapping
from typing import TypeAlias

from stockade.model import Location, Scalar, Value
from stockade.model.record import record


@record(eq=False)
class Literal:
    """A number, a boolean, null, or a text without anything put in."""

    value: Scalar

    @property
    def at(self) -> Location:
        """Tell where it is written."""
        return self.value.at


@record(eq=False)
class Given:
    """A value that is known already and not written as an expression: of a plan, of a caller."""

    value: Value

    @property
    def at(self) -> Location:
        """Tell where it is written."""
        return self.value.at


@record(eq=False)
class Text:
    """A text with values put in: `"arn:aws:s3:::${var.bucket}/*"`."""

    parts: tuple["Expression", ...]
    at: Location


@record(eq=False)
class ListOf:
    """`[1, 2]`."""

    items: tuple["Expression", ...]
    at: Location


@record(eq=False)
class ObjectOf:
    """`{ key = value }`. A key that is a bare word is a `Literal`."""

    entries: tuple[tuple["Expression", "Expression"], ...]
    at: Location


@record(eq=False)
class Name:
    """The first word of a reference: `var`, `local`, `aws_s3_bucket`, an iterator."""

    name: str
    at: Location


@record(eq=False)
class GetAttribute:
    """`of.name`."""

    of: "Expression"
    name: str
    at: Location


@record(eq=False)
class Index:
    """`of[key]`."""

    of: "Expression"
    key: "Expression"
    at: Location


@record(eq=False)
class Splat:
    """`of[*].name`: what follows is taken of every item. A step is an attribute or an index."""

    of: "Expression"
    steps: tuple["str | Expression", ...]
    at: Location


@record(eq=False)
class Call:
    """A call of a function; `spread` tells that the last argument ends with `...`."""

    function: str
    arguments: tuple["Expression", ...]
    spread: bool
    at: Location


@record(eq=False)
class Conditional:
    """`test ? then : otherwise`, and `%{ if }` in a text."""

    test: "Expression"
    then: "Expression"
    otherwise: "Expression"
    at: Location


@record(eq=False)
class Operation:
    """An operator with two operands, or with one (`right` is None)."""

    operator: str
    left: "Expression"
    right: "Expression | None"
    at: Location


@record(eq=False)
class For:
    """`[for key, value in of : result if condition]`, an object where there is a `result_key`.

    `grouped` marks `...` after the result; `joined` a `%{ for }` in a text.
    """

    key: str | None
    value: str
    of: "Expression"
    result_key: "Expression | None"
    result: "Expression"
    condition: "Expression | None"
    grouped: bool
    joined: bool
    at: Location


@record(eq=False)
class Broken:
    """What does not parse, or is nested too deep; `why` completes "unknown because"."""

    why: str
    at: Location


Expression: TypeAlias = (
    Literal
    | Given
    | Text
    | ListOf
    | ObjectOf
    | Name
    | GetAttribute
    | Index
    | Splat
    | Call
    | Conditional
    | Operation
    | For
    | Broken
)


@record(eq=False)
class Body:
    """What stands between the braces of a block, or in a whole file."""

    attributes: Mapping[str, Expression]
    keys: Mapping[str, Location]
    blocks: tuple["Block", ...]


@record(eq=False)
class Block:
    """`resource "aws_s3_bucket" "mail" { ... }`; `at` is its first line up to the brace."""

    type: str
    labels: tuple[str, ...]
    body: Body
    at: Location
