"""Variables followed: `${self:}`, `${file()}`, `${opt:}` and the others of the framework.

Serverless: "Variables" and its pages for each source. What is chosen at deployment becomes a
parameter of the template, with the value that the author falls back on as its default; what
another stack or the account holds stays open.
"""

from collections.abc import Mapping

from stockade._late import pattern
from stockade.load.parsed import MAX_VALUES
from stockade.load.serverless.files import Files
from stockade.load.serverless.joined import is_text, parts_of, reference, text_of
from stockade.load.serverless.origins import ORIGINS
from stockade.load.serverless.syntax import Literal, Parts, Source, Variable, parse
from stockade.model import List, Location, Map, Scalar, Unknown, Unseen, Value
from stockade.model.record import record

_MAX_DEPTH = 100
"""Values within values, and variables that lead to variables."""


_PSEUDO = pattern(r"#\{(AWS::[A-Za-z]+)\}")
_NO_NAME = pattern(r"[^A-Za-z0-9_./:-]")


@record(kw_only=True)
class Chosen:
    """A parameter: a value that is chosen at deployment, and what is taken if nothing is.

    `option` is the name under which a value is given.
    """

    option: str
    default: str | int | float | bool | None
    no_echo: bool
    at: Location


class Variables:
    """The variables of one service.

    `root` is the configuration as it is written. `given` are values by the name of an option,
    environment variable or parameter. `chosen` collects the parameters that are met.
    """

    def __init__(
        self,
        root: Map,
        files: Files,
        given: Mapping[str, str],
        unseen: list[Unseen],
        passed: Mapping[str, Value],
    ) -> None:
        self.root = root
        self.files = files
        self.given = given
        self.unseen = unseen
        self.passed = passed
        self.chosen: dict[str, Chosen] = {}
        self._resolved: dict[int, tuple[Value, Value]] = {}
        self._weights: dict[int, int] = {}
        self._followed: dict[int, tuple[Value, Value | None]] = {}
        self._asked: set[int] = set()
        self._open: set[int] = set()
        self._depth = 0
        self._left = MAX_VALUES
        self.stage_name = "sls:stage"
        self.default_stage: str | None = None
        # What stage and region are made of may ask for either.
        self.stage = given.get("stage") or "dev"
        self.region = given.get("region") or "us-east-1"
        default_stage = self._own("stage") or "dev"
        self.stage = given.get("stage") or default_stage
        self.region = given.get("region") or self._own("region") or self.region
        self.default_stage = default_stage

    def _own(self, key: str) -> str | None:
        """Return the text of `provider.stage` or `provider.region`, as far as it is known."""
        provider = self.shallow(self.root.get("provider"))
        written = provider.get(key) if isinstance(provider, Map) else None
        text = self.text(self.resolved(written)) if written is not None else None
        self._resolved.clear()
        self._followed.clear()
        self.chosen.clear()
        return text

    # --- values -----------------------------------------------------------------------------

    def section(self, *keys: str) -> Value | None:
        """Return what the configuration says under these keys, resolved; None for nothing."""
        found = self.walk(self.root, keys)
        return None if found is None else self.resolved(found)

    def resolved(self, value: Value) -> Value:
        """Return `value` with every variable in it followed as far as it leads."""
        known = self._resolved.get(id(value))
        if known is not None:
            return known[1]
        if id(value) in self._open:
            return Unknown("the variable leads to itself", value.at)
        if self._depth > _MAX_DEPTH:
            return Unknown("variables lead too deep to be followed", value.at)
        self._depth += 1
        self._open.add(id(value))
        made = self._made(value)
        self._open.discard(id(value))
        self._depth -= 1
        # The value is kept beside what it became, so that its id is not given to another.
        self._resolved[id(value)] = (value, made)
        return made

    def _made(self, value: Value) -> Value:
        match value:
            case Scalar(value=str(text)) if "${" in text or "#{" in text:
                followed = self.shallow(value)
                if followed is None:
                    return Scalar(None, value.at)
                if followed is value:
                    return value
                made = self.resolved(followed)
                return self._charged(made, value.at)
            case List():
                items = tuple(self.resolved(item) for item in value.items)
                return List(items, value.at)
            case Map(entries={"Fn::Sub": argument}) if len(value.entries) == 1:
                return self._sub(value, argument)
            case Map():
                entries = {key: self.resolved(entry) for key, entry in value}
                return Map(entries, value.at, value.keys)
            case _:
                return value

    def _charged(self, value: Value, at: Location) -> Value:
        """Count a value that is put in once more; many copies of large ones are a bomb."""
        self._left -= self._weight(value)
        if self._left >= 0:
            return value
        why = f"its variables amount to more than {MAX_VALUES:,} values"
        if self._left > -MAX_VALUES * 2:
            self.unseen.append(Unseen(at, "limit", why))
            self._left = -MAX_VALUES * 2
        return Unknown(why, at)

    def _weight(self, value: Value) -> int:
        if not isinstance(value, List | Map):
            return 1
        if id(value) not in self._weights:
            inner = value.items if isinstance(value, List) else value.entries.values()
            self._weights[id(value)] = 1 + sum(self._weight(one) for one in inner)
        return self._weights[id(value)]

    def _sub(self, value: Map, argument: Value) -> Value:
        """Return `Fn::Sub` whose text had variables: what they are known as has names in it."""
        items = argument.items if isinstance(argument, List) else (argument,)
        text = self.resolved(items[0]) if items else argument
        others = [self.resolved(item) for item in items[1:]]
        variables = dict(others[0].entries) if others and isinstance(others[0], Map) else {}
        pieces = []
        for number, part in enumerate(parts_of(text)):
            if isinstance(part, Scalar):
                pieces.append(str(part.value))
            else:
                name = f"Variable{number}"
                variables[name] = part
                pieces.append(f"${{{name}}}")
        written = Scalar("".join(pieces), items[0].at if items else value.at)
        if not variables:
            return Map({"Fn::Sub": written}, value.at, value.keys)
        both = List((written, Map(variables, value.at, {})), value.at)
        return Map({"Fn::Sub": both}, value.at, value.keys)

    def shallow(self, value: Value | None) -> Value | None:
        """Return what a text stands for, the values inside that not yet followed."""
        if not isinstance(value, Scalar) or not isinstance(value.value, str):
            return value
        text = value.value
        if "#{" in text and _PSEUDO.search(text):
            written = Scalar(_PSEUDO.sub(r"${\1}", text), value.at)
            return Map({"Fn::Sub": written}, value.at, {})
        if "${" not in text:
            return value
        parts = parse(text)
        if all(isinstance(part, str) for part in parts):
            return value
        known = self._followed.get(id(value))
        if known is not None:
            return known[1]
        if id(value) in self._asked:
            return Unknown("the variable leads to itself", value.at)
        self._asked.add(id(value))
        followed = self._of_parts(parts, value.at)
        self._asked.discard(id(value))
        self._followed[id(value)] = (value, followed)
        return followed

    # --- texts ------------------------------------------------------------------------------

    def _of_parts(self, parts: Parts, at: Location) -> Value | None:
        """Return what a text with variables becomes: the variable's own value if it is alone."""
        if len(parts) == 1 and isinstance(parts[0], Variable):
            return self.shallow(self._variable(parts[0], at))
        made: list[Value] = []
        for part in parts:
            if isinstance(part, str):
                made.append(Scalar(part, at))
                continue
            value = self.shallow(self._variable(part, at))
            if value is None:
                continue
            if isinstance(value, List) or (isinstance(value, Map) and not is_text(value)):
                return Unknown("a variable in the text is no text", at)
            if isinstance(value, Unknown):
                return value
            made.extend(parts_of(self.resolved(value)))
        return text_of(made, at)

    def text(self, value: Value | None) -> str | None:
        """Return the text that a resolved value has if nothing else is chosen at deployment."""
        match value:
            case Scalar(value=bool(flag)):
                return "true" if flag else "false"
            case Scalar(value=str() | int() | float() as known):
                return str(known)
            case Map(entries={"Ref": Scalar(value=str(name))}):
                return self._chosen_text(name)
            case Map(entries={"Fn::Join": List(items=(Scalar(value=""), List(items=items)))}):
                texts = [self.text(item) for item in items]
                known_texts = [text for text in texts if text is not None]
                return "".join(known_texts) if len(known_texts) == len(texts) else None
            case _:
                return None

    def _chosen_text(self, name: str) -> str | None:
        if name == "AWS::Region":
            return self.region
        chosen = self.chosen.get(name)
        if chosen is None:
            return None
        if chosen.option in self.given:
            return self.given[chosen.option]
        return None if chosen.default is None else str(chosen.default)

    def joined(self, values: list[Value], at: Location) -> Value:
        """Return the text that resolved values make one after the other."""
        return text_of([part for value in values for part in parts_of(value)], at)

    def name_of(self, parts: Parts | None, at: Location) -> str | Value:
        """Return the text of a name or an address, or the value that makes it unknown."""
        if parts is None:
            return ""
        if all(isinstance(part, str) for part in parts):
            return "".join(part for part in parts if isinstance(part, str))
        value = self._of_parts(parts, at)
        text = self.text(self.resolved(value)) if value is not None else ""
        if text is not None:
            return text
        if isinstance(value, Unknown):
            return value
        return Unknown("a variable in its name is known at deployment only", at)

    # --- variables --------------------------------------------------------------------------

    def _variable(self, variable: Variable, at: Location) -> Value | None:
        if self._depth > _MAX_DEPTH:
            return Unknown("variables lead too deep to be followed", at)
        self._depth += 1
        value = self._first(variable, at)
        self._depth -= 1
        return value

    def _first(self, variable: Variable, at: Location) -> Value | None:
        """Return the value of the first source that has one; None if none has."""
        missed: Value | None = None
        asked: tuple[str, str] | None = None
        for source in variable.sources:
            if isinstance(source, Literal):
                value: Value | None = Scalar(source.value, at)
            elif isinstance(source, Source) and source.type in {"opt", "env"}:
                name = self.name_of(source.address, at)
                if isinstance(name, str):
                    value = self._given(source.type, name, at)
                    asked = asked or (source.type, name)
                else:
                    value = name
            elif isinstance(source, Source):
                value = self._source(source, at)
            else:
                value = self._of_parts(source, at)
            value = self.shallow(value)
            if isinstance(value, Unknown):
                missed = missed or value
            elif value is not None and not (isinstance(value, Scalar) and value.value is None):
                return self._with_name(asked, value, at)
        if asked is not None:
            return self.choose(f"{asked[0]}:{asked[1]}", asked[1], None, at)
        return missed

    def _with_name(self, asked: tuple[str, str] | None, fallback: Value, at: Location) -> Value:
        """Return a fallback as the default of the option that it stands in for."""
        if asked is None or not isinstance(fallback, Scalar):
            return fallback
        resolved = self.resolved(fallback)
        if not isinstance(resolved, Scalar):
            return fallback
        return self.choose(f"{asked[0]}:{asked[1]}", asked[1], resolved.value, at)

    def _given(self, kind: str, name: str, at: Location) -> Value | None:
        """Return an option or environment variable that is surely given."""
        if self.default_stage is not None and kind == "opt":
            if name == "stage":
                return self.stage_at(at)
            if name == "region":
                return reference("AWS::Region", at)
        if name in self.given:
            return self.choose(f"{kind}:{name}", name, None, at)
        return None

    def stage_at(self, at: Location) -> Value:
        """Return the stage, as it is referred to at a place."""
        return self.choose(self.stage_name, "stage", self.default_stage or "dev", at)

    def choose(
        self,
        name: str,
        option: str,
        default: str | float | None,
        at: Location,
        *,
        no_echo: bool = False,
    ) -> Value:
        """Return a reference to what is chosen at deployment.

        `name` is the variable that the author writes, so that what is told of it reads as it
        does in the file; `option` is the name under which a value is given.
        """
        cleaned = _NO_NAME.sub("", name)[:200] or "unnamed"
        known = self.chosen.get(cleaned)
        if known is None or (known.default is None and default is not None):
            self.chosen[cleaned] = Chosen(option=option, default=default, no_echo=no_echo, at=at)
        return reference(cleaned, at)

    def _source(self, source: Source, at: Location) -> Value | None:
        read = ORIGINS.get(source.type)
        if read is None:
            return Unknown(f"the variable source `{source.type[:40]}` is not known", at)
        address = self.name_of(source.address, at)
        if not isinstance(address, str):
            return address
        return read(self, source, address, at)

    def walk(self, value: Value | None, keys: tuple[str, ...]) -> Value | None:
        """Follow keys into a value, through the variables that stand on the way."""
        for key in keys:
            value = self.shallow(value)
            if isinstance(value, Map):
                value = value.get(key)
            elif isinstance(value, List) and key.isdecimal() and int(key) < len(value.items):
                value = value.items[int(key)]
            elif isinstance(value, Unknown):
                return value
            else:
                return None
        return value
