"""How the libraries that functions use are described: as data, a line for each fact.

Names are qualified. A module's function is `subprocess.run`. A method is the type's name and
its own: `sqlite3.Cursor.execute`; `Returns` tells which call gives an object of which type, so
that the interpreter knows what it is called on. Clients of AWS have the types
`aws.<service>.Client` and `aws.<service>.<Resource>` (`aws.dynamodb.Table`), in every language.

An argument is named by `"name@position"` where it can be passed either way (`"args@0"`), by
`"name"` for keyword-only ones, by `"@0"` for positional-only ones; `"self"` is the object that a
method is called on and `"*"` any argument. Positions count from 0 without `self`. A trailing
`"[]"` means the items of a list (`"args@0[]"`), `"[0]"` one of them, `".key"` an entry of a map.

What no line describes has the default meaning: the result is derived from the arguments and
from the object, and the call does no harm. `Passes` and `Calls` may also speak of what is in a
file: `"contents of X"` is what the file holds that argument X names.

A callee that ends in `.*` speaks of every name below it that no line of its own describes:
`Clean("aws.*")`. Lines about results (`Returns`, `Clean`, `Sanitizer`, `Source`, `Passes`,
`Calls`) and lines about harm (`Sink`, `Guard`) are looked up apart, so that a call with a sink
still gives what the wider line says of its result. For what a call gave (`aws.x.get().read`)
a wider `Clean` means that only what that object holds flows on.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from stockade.analysis.facts import OriginKind
from stockade.model import Confidence, Value
from stockade.model.record import record


@record
class Named:
    """Something of a library as an argument: its qualified name, or the type of the object.

    `yaml.load(text, Loader=yaml.SafeLoader)` is given `Named("yaml.SafeLoader")`;
    `etree.parse(path, parser)` what `Returns` says of the call that made `parser`.
    """

    name: str


Argument: TypeAlias = Value | Named

Test: TypeAlias = Callable[[Mapping[str, Argument]], bool | None]
"""Looks at a call's arguments, keyed as in `ExternalCall`; None where it cannot tell.

What a method is called on stands under `"self"`, and the arguments of the call that made that
object under `"self."` and their own key: `"self.0"` is the pattern that `re.compile` was given.
"""

EVERY_KIND = "*"


@record
class Sink:
    """Data of others does harm when it arrives in this argument.

    `kind` is what rules ask for: `"shell"`, `"sql"`, `"host"` ... `when` limits it to calls
    with certain other arguments; where `when` cannot tell, confidence is low. Which part of the
    text matters is decided by the kind: `"host"` is not harmed by data that follows a constant
    host and slash (`"https://host/" + data`). Data that was made safe for sinks of the kind
    `through` reaches it no more: what is escaped in a page asks for nothing.
    """

    kind: str
    callee: str
    argument: str
    when: Test | None = None
    confidence: Confidence = Confidence.HIGH
    through: str = ""


@record
class Returns:
    """The call gives an object of a library's type.

    `type` may name an argument that must be constant: `"aws.{service_name@0}.Client"`. Where
    several lines describe one call, the first counts whose `when` holds. With `clean` the object
    gives nothing back of what it was made of: a connection does not tell its password.
    """

    callee: str
    type: str
    when: Test | None = None
    clean: bool = False


@record
class Members:
    """Whatever is below an object, by any name or key, has a type: `client.shop["orders"]`."""

    callee: str
    type: str


@record
class Clean:
    """The result holds nothing that an outsider wrote: a number, a fixed answer, a digest.

    With `nothing` there is no result at all: `None`, or `undefined`.
    """

    callee: str
    when: Test | None = None
    nothing: bool = False


@record
class Sanitizer:
    """The result is the argument's data, made safe for some kinds of sinks, or for every one."""

    callee: str
    argument: str
    kinds: tuple[str, ...] = (EVERY_KIND,)
    when: Test | None = None


@record
class Guard:
    """Where the call's result is true, or where it did not raise, the argument is safe.

    `raises` tells which of the two: `validate(instance)` raises, `isdigit()` answers.
    """

    callee: str
    argument: str
    kinds: tuple[str, ...] = (EVERY_KIND,)
    raises: bool = False
    when: Test | None = None


@record
class Shaped:
    """The call checks an argument against a JSON schema, which may say little of some fields.

    Each field is safe as far as its own part of the schema says. `schema` is the argument that
    holds it, by name and position as in `conditions.given`; `raises` as for a `Guard`.
    """

    callee: str
    argument: str
    schema: tuple[str, int]
    raises: bool = False


@record
class Proves:
    """Where the call's result is true, or where it did not raise, whoever calls was identified.

    A signature was checked, a password compared, a token looked up at those who issued it.
    `raises` as for a `Guard`.
    """

    callee: str
    raises: bool = False
    when: Test | None = None


@record
class Matches:
    """The call matches a text by a regular expression: groups hold what their parts let through.

    `pattern` is the argument that holds it, by name and position as in `conditions.given`.
    """

    callee: str
    pattern: tuple[str, int]


@record
class Source:
    """The result is data that must not leave: a secret, the environment, an error's text.

    `field` names it in the report; `"{SecretId}"` puts in a constant argument.
    """

    callee: str
    kind: OriginKind
    field: str
    when: Test | None = None


@record
class Passes:
    """Where the default is not enough: data goes from one argument into another object.

    `to` is an argument, `"self"`, or `"result"`: `Passes("shutil.copyfileobj", "@0", "@1")`.
    With `"result"` only the named arguments flow to the result, not all.
    """

    callee: str
    argument: str
    to: str


@record
class Calls:
    """The library calls a function that it is given.

    The function arrives in `function`; its parameters are given the listed arguments of the
    outer call, `"items of X"` for one item of an argument, `"entries of X"` for what stands in a
    map under the parameters' names. Its result is, where `result` says
    so, the outer call's result (`"result"`) or an item of it (`"items"`).
    """

    callee: str
    function: str
    given: tuple[str, ...] = ()
    result: str | None = None


@record
class Noted:
    """Rules ask about this call itself, whatever flows through it."""

    callee: str


@record
class Decorates:
    """A decorator, or a maker of decorators, that gives back the function it is put on.

    `made` if the decorator is what the call returns: `@retry(times=3)`.
    """

    callee: str
    made: bool = False


Model: TypeAlias = (
    Sink
    | Returns
    | Members
    | Clean
    | Sanitizer
    | Guard
    | Shaped
    | Proves
    | Matches
    | Source
    | Passes
    | Calls
    | Decorates
    | Noted
)


def every(*callees: str) -> Iterator[str]:
    """Spell out names: `every("a.{b,c}")` yields `a.b` and `a.c`."""
    for callee in callees:
        before, brace, rest = callee.partition("{")
        if not brace:
            yield callee
            continue
        choices, _, after = rest.partition("}")
        for choice in choices.split(","):
            yield from every(f"{before}{choice}{after}")
