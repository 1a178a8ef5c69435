"""The tokens of Python code of any version, also of code that the running Python refuses."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from stockade._late import pattern

# No group is repeated possessively: Python 3.11 before 3.11.5 goes on from the wrong place where
# the last round of one fails half-way. Each round begins with another character, so that going
# back takes no more steps than going on.
_TOKEN = pattern(
    r"""(?P<space>(?:[ \t\f]|\\(?:\r\n|\r|\n))+|\#[^\r\n]*+)
    |(?P<newline>\r\n|\r|\n)
    |(?P<string>(?P<prefix>(?i:[bruft]|br|rb|ur|fr|rf|tr|rt|))(?P<quote>\"{3}|'{3}|"|'))
    |(?P<number>0[xX]\w++|(?:[0-9][0-9_]*+\.?[0-9_]*+|\.[0-9][0-9_]*+)(?:[eE][+-]?[0-9]++)?\w*+)
    |(?P<name>\w++)
    |(?P<operator><>|[<>=!+\-*/%&|^@:]=|\*\*|//|>>|<<|->|[^\s])
    """,
    0x40,  # re.VERBOSE
)
_REST_OF_TEXT: Final = {
    "'": pattern(r"(?:[^'\\\r\n]++|\\(?:\r\n|[\s\S]))*'"),
    '"': pattern(r'(?:[^"\\\r\n]++|\\(?:\r\n|[\s\S]))*"'),
    "'''": pattern(r"(?:[^'\\]++|\\[\s\S]|'(?!''))*'''"),
    '"""': pattern(r'(?:[^"\\]++|\\[\s\S]|"(?!""))*"""'),
}
_LITERAL = pattern(r"(?:[^{}\\\r\n'\"]++|\\N\{[^{}'\"\r\n]*+\}|\\(?:\r\n|[^{}])|\{\{|\}\})*")
_SPACE = pattern(r"(?:\s++|#[^\r\n]*+)*")
_ENDS_OF_FIELD: Final = "}!:="
_DEEPEST: Final = 20
"""How deep fields of texts are looked into."""


class Refused(Exception):  # noqa: N818 - a verdict on the code, not a failure
    """Says that a text is no Python of any version."""


class Field(NamedTuple):
    """One `{expression}` in a text; `end` comes before `=`, `!r` and `:specification`."""

    start: int
    end: int
    close: int
    """Where the closing brace stands."""
    quote: str
    texts: "tuple[Token, ...]"
    """The texts with values in them that stand in its expression."""
    inner: "tuple[Field, ...]"
    """The fields of its specification."""


class Token(NamedTuple):
    """A token, and of a text with values in it the outermost fields."""

    kind: str
    """`newline`, `string`, `number`, `name` or `operator`."""
    start: int
    end: int
    word: str
    """What is written there; of a text only its prefix in small letters."""
    fields: tuple[Field, ...] = ()


def tokens(text: str) -> list[Token]:
    """Return the tokens of a file without spaces, comments and ends of lines in brackets."""
    return list(_Tokens(text).between(0, ""))


class _Tokens:
    def __init__(self, text: str) -> None:
        self._text = text

    def between(self, place: int, ends: str, depth: int = 0) -> Iterator[Token]:
        """Yield tokens from `place` on; within a field up to what ends it (`ends`)."""
        text = self._text
        nested = 0
        while match := _TOKEN.match(text, place):
            kind, start = match.lastgroup or "", place
            place = match.end()
            if match["string"] is not None:
                prefix, quote = match["prefix"].lower(), match["quote"]
                if "f" in prefix or "t" in prefix:
                    place, fields = self._fields(place, quote, depth)
                    yield Token("string", start, place, prefix, tuple(fields))
                    continue
                rest = _REST_OF_TEXT[quote].match(text, place)
                if rest is None:
                    raise Refused
                place = rest.end()
                yield Token("string", start, place, prefix)
            elif kind == "operator":
                word = match["operator"]
                if ends and not nested and (word in ends or word == ":="):
                    yield Token("operator", start, start + 1, word[0])
                    return
                nested += (word in "([{") - (word in ")]}")
                yield Token(kind, start, place, word)
            elif kind in ("name", "number") or (kind == "newline" and not nested and not ends):
                yield Token(kind, start, place, match[0])

    def _fields(self, place: int, quote: str, depth: int) -> tuple[int, list[Field]]:
        """Return the end of a text with values in it that goes on at `place`, and its fields."""
        if depth >= _DEEPEST:
            raise Refused
        fields: list[Field] = []
        text = self._text
        while True:
            place = self._literal(place)
            if place >= len(text):
                raise Refused
            character = text[place]
            if text.startswith(quote, place):
                return place + len(quote), fields
            if character == "{":
                field = self._field(place + 1, quote, depth)
                fields.append(field)
                place = field.close + 1
            elif character in "'\"" or (character in "\r\n" and len(quote) > 1):
                place += 1
            elif character == "\\":
                place += 1  # before a brace: it stands for itself
            else:
                raise Refused

    def _literal(self, place: int) -> int:
        match = _LITERAL.match(self._text, place)
        return match.end() if match else place

    def _field(self, start: int, quote: str, depth: int) -> Field:
        text = self._text
        inside = list(self.between(start, _ENDS_OF_FIELD, depth + 1))
        if not inside or inside[-1].word not in _ENDS_OF_FIELD:
            raise Refused
        end = place = inside[-1].start
        if text[place] == "=":
            # Of a single `=` only: others are operators of two characters.
            space = _SPACE.match(text, place + 1)
            place = space.end() if space else place + 1
        if text.startswith("!", place):
            place += 1
            while place < len(text) and (text[place].isalnum() or text[place] == " "):
                place += 1
        inner: list[Field] = []
        if text.startswith(":", place):
            place = self._specification(place + 1, quote, depth, inner)
        if not text.startswith("}", place):
            raise Refused
        texts = tuple(one for one in inside if one.fields)
        return Field(start, end, place, quote, texts, tuple(inner))

    def _specification(self, place: int, quote: str, depth: int, inner: list[Field]) -> int:
        """Return where the `}` behind a specification stands, and note its fields."""
        text = self._text
        while place < len(text) and text[place] != "}":
            if text[place] == "{":
                if depth >= _DEEPEST:
                    raise Refused
                inner.append(self._field(place + 1, quote, depth + 1))
                place = inner[-1].close
            elif text.startswith(quote, place):
                raise Refused
            place += 1
        return place
