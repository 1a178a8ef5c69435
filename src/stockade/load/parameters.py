"""Parameters of templates: what they are declared as, and what values they are given.

A parameter's value comes, in this order, from the command line, from parameter files, from
`samconfig.toml`, from the parent stack, and last from its `Default`. A default is a value that
a deployment is free to replace, so it is kept as the value but decides no condition; all else
does. `AllowedValues` narrow what a deployment may give (see `stockade.load.domains`).

AWS: "CloudFormation template Parameters syntax".
"""

from collections.abc import Mapping

from stockade.model import List, Location, Map, Parameter, Scalar, Unseen, Value, constant
from stockade.model.record import field, record


@record(kw_only=True)
class ParameterOptions:
    """Where values of template parameters come from, beside the templates themselves.

    `given` are values by parameter name, which win over everything. `files` are parameter
    files, relative to the scanned folder, the last one winning. `environment` is the table of
    `samconfig.toml` that is read (a `samconfig.toml` beside a template counts for it).
    """

    given: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    environment: str = "default"


@record(kw_only=True)
class Declared:
    """A parameter of one stack.

    `value` is what it has, None if nothing says so. `possible` are the texts that a deployment
    may give, None for any text. `substituted` tells that the parent stack hands in something
    that only the parent can name, which then stands in place of the parameter.
    """

    name: str
    value: Value | None
    possible: frozenset[str] | None
    no_echo: bool
    at: Location
    substituted: bool = False

    def refer(self, at: Location) -> Value:
        """Return what `Ref` of the parameter gives."""
        if self.substituted and self.value is not None:
            return self.value
        return Parameter(self.name, self.value, at, self.no_echo, self.possible)


@record
class Passed:
    """What a parent stack hands in: the value, and the texts that it may turn out to be."""

    value: Value
    possible: frozenset[str] | None


def declare(
    section: Value | None,
    given: Mapping[str, Scalar],
    passed: Mapping[str, Passed],
    unseen: list[Unseen],
) -> dict[str, Declared]:
    """Return the parameters of a template by name, with the values that they have.

    `section` is the template's `Parameters`, `given` the values of files and options, `passed`
    those of the parent stack. What cannot be understood is added to `unseen`.
    """
    if section is None:
        return {}
    if not isinstance(section, Map):
        unseen.append(Unseen(section.at, "template", "`Parameters` is not a map"))
        return {}
    declared = {}
    for name, declaration in section:
        at = section.key_at(name)
        if not isinstance(declaration, Map):
            unseen.append(Unseen(at, "template", "the parameter is not a map"))
            continue
        if name in passed:
            declared[name] = _passed(name, declaration, passed[name], at)
        else:
            declared[name] = _declared(name, declaration, given.get(name), at)
    return declared


def _passed(name: str, declaration: Map, passed: Passed, at: Location) -> Declared:
    no_echo = _is_true(declaration.get("NoEcho"))
    value = _typed(_text(declaration.get("Type")), passed.value)
    return Declared(
        name=name,
        value=value,
        possible=passed.possible,
        no_echo=no_echo,
        at=at,
        substituted=not no_echo and not isinstance(value, Scalar | Parameter),
    )


def _declared(name: str, declaration: Map, given: Scalar | None, at: Location) -> Declared:
    kind = _text(declaration.get("Type"))
    default = declaration.get("Default")
    # Of these types the template names a parameter of Systems Manager; the value is there.
    is_elsewhere = kind.startswith("AWS::SSM::Parameter::Value")
    written = given or default
    value = None if written is None or is_elsewhere else _typed(kind, written)
    return Declared(
        name=name,
        value=value,
        possible=None if is_elsewhere else _possible(given, declaration.get("AllowedValues")),
        no_echo=_is_true(declaration.get("NoEcho")),
        at=at,
    )


def _possible(given: Scalar | None, allowed: Value | None) -> frozenset[str] | None:
    if given is not None:
        return frozenset((_text(given),))
    if not isinstance(allowed, List) or not allowed.items:
        return None
    texts = [constant(item) for item in allowed.items]
    if not all(isinstance(text, str) for text in texts):
        return None
    return frozenset(text for text in texts if isinstance(text, str))


def _typed(kind: str, value: Value) -> Value:
    """Return the value as `Ref` gives it: the types of lists split a text at its commas."""
    if not isinstance(value, Scalar) or not kind.startswith(("CommaDelimitedList", "List<")):
        return value
    text = _text(value)
    items = (Scalar(item.strip(), value.at) for item in text.split(",")) if text else ()
    return List(tuple(items), value.at)


def _text(value: Value | None) -> str:
    text = constant(value)
    return text if isinstance(text, str) else ""


def _is_true(value: Value | None) -> bool:
    return _text(value).lower() == "true"
