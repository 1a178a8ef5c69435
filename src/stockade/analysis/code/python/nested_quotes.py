"""Let Python 3.11 read the f-strings of Python 3.12 (PEP 701), where quotes may be nested.

`f"{event["key"]}"` becomes `f"{event['key']}"`: as long as before, so that every place stays.
"""

import re

from stockade._late import pattern

_START = pattern(r"""#[^\r\n]*|(?P<prefix>(?<!\w)[A-Za-z]{0,2}|)(?P<quote>\"{3}|'{3}|"|')""")
_KINDS_OF_QUOTES = 4
_OTHER = {'"': "'", "'": '"'}


def without_nested_quotes(text: str) -> str:
    """Return the text with quotes changed that stand in an f-string with the same quotes."""
    return _Requoting(text).done()


class _Requoting:
    """Walks over a text once, string by string, and notes the quotes to change."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._characters = list(text)

    def done(self) -> str:
        place = 0
        while start := _START.search(self._text, place):
            place = self._string(start, ()) if start["quote"] else start.end()
        return "".join(self._characters)

    def _string(self, start: re.Match[str], around: tuple[str, ...]) -> int:
        """Go through one string, within f-strings of the quotes `around`; return its end."""
        quote, formatted = start["quote"], "f" in start["prefix"].lower()
        place = start.end()
        while place < len(self._text):
            character = self._text[place]
            if character == "\\":
                place += 2
            elif self._text.startswith(quote, place):
                if any(each in quote for each in around):
                    self._change(start.start("quote"), place, quote, around)
                return place + len(quote)
            elif formatted and character == "{":
                doubled = self._text.startswith("{{", place)
                place = place + 2 if doubled else self._braces(place + 1, (*around, quote))
            elif character in "\r\n" and len(quote) == 1:
                break
            else:
                place += 1
        return place

    def _braces(self, place: int, around: tuple[str, ...]) -> int:
        """Go through `{expression:specification}` from after its first brace; return its end."""
        depth = 1
        literal = False
        while place < len(self._text) and depth:
            character = self._text[place]
            if character in "\"'" and not literal:
                # The letters of a prefix were passed already: look back for them.
                before = _letters_before(self._text, place)
                start = _START.match(self._text, before)
                place = self._string(start, around) if start else place + 1
                continue
            if character == "{" and literal:
                place = self._braces(place + 1, around)
                continue
            depth += (character in "{[(") - (character in "}])")
            literal = literal or (character == ":" and depth == 1)
            place += 1
        return place

    def _change(self, start: int, end: int, quote: str, around: tuple[str, ...]) -> None:
        new = _OTHER[quote[0]] * len(quote)
        if len(around) >= _KINDS_OF_QUOTES or any(each in new for each in around):
            return
        if new[0] in self._characters[start + len(quote) : end]:
            return
        self._characters[start : start + len(quote)] = new
        self._characters[end : end + len(quote)] = new


def _letters_before(text: str, place: int) -> int:
    first = place
    while first > 0 and place - first < 2 and text[first - 1].isalpha():  # noqa: PLR2004 - `rf`
        first -= 1
    is_word = first > 0 and (text[first - 1].isalnum() or text[first - 1] == "_")
    return place if is_word else first
