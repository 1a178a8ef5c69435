"""The JSON form of the Terraform language: `.tf.json`, and what the CDK for Terraform writes.

Follows "JSON Configuration Syntax" in the documentation of Terraform.
"""

from collections.abc import Iterator

from stockade.load.document import parse
from stockade.load.terraform.hcl import parse_template
from stockade.load.terraform.syntax import (
    Block,
    Body,
    Broken,
    Expression,
    ListOf,
    Literal,
    ObjectOf,
)
from stockade.model import List, Map, Scalar, SourceFile, Unseen, Value

_LABELS = {
    "resource": 2,
    "data": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
"""How many levels of keys name a block, by the block's type."""


def parse_json_form(file: SourceFile, unseen: list[Unseen]) -> Body:
    """Return the body of a file; why it cannot be read is added to `unseen`."""
    document = parse(file)
    if isinstance(document, Unseen):
        unseen.append(document)
        return Body({}, {}, ())
    blocks: list[Block] = []
    for kind, written in document.root if isinstance(document.root, Map) else ():
        if kind in _LABELS:
            blocks.extend(_blocks(kind, (), written, _LABELS[kind]))
    return Body({}, {}, tuple(blocks))


def _blocks(kind: str, labels: tuple[str, ...], written: Value, missing: int) -> Iterator[Block]:
    """Yield the blocks under a key; objects may stand in lists at every level."""
    if isinstance(written, List):
        for item in written.items:
            yield from _blocks(kind, labels, item, missing)
    elif isinstance(written, Map) and missing:
        for label, inner in written:
            yield from _blocks(kind, (*labels, label), inner, missing - 1)
    elif isinstance(written, Map):
        attributes = {key: expression_of(value) for key, value in written if key != "//"}
        yield Block(kind, labels, Body(attributes, written.keys, ()), written.at)


def expression_of(value: Value) -> Expression:
    """Return a value of JSON as an expression; its texts are templates."""
    match value:
        case Scalar(value=str(text)):
            return parse_template(text, value.at)
        case Scalar():
            return Literal(value)
        case List():
            return ListOf(tuple(expression_of(item) for item in value.items), value.at)
        case Map():
            entries = [
                (parse_template(key, value.key_at(key)), expression_of(entry))
                for key, entry in value
                if key != "//"
            ]
            return ObjectOf(tuple(entries), value.at)
        case _:
            return Broken("it is no JSON", value.at)
