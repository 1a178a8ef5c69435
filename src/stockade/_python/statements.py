"""The statements of other versions of Python, as changes of the text that write them anew."""

from typing import Final

from stockade._late import pattern
from stockade._python.edits import Edit
from stockade._python.tokens import Refused, Token

_COMPOUND: Final = frozenset(
    {
        *("if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def"),
        *("class", "async", "match", "case"),
    }
)
_OPEN: Final = frozenset("([{")
_CLOSED: Final = frozenset(")]}")
_AFTER_NAME: Final = frozenset({"=", ")", ",", ":", ".", "]", "}", "==", "!="})
_ESCAPE = pattern(
    r"\\(?:(?P<may_be>(?P<is_meant>u[0-9a-fA-F]{4}|U000[0-9a-fA-F]{5}|U0010[0-9a-fA-F]{4}|N\{[^{}]+\})"
    r"|[uUN])|[\s\S])"
)
_STEPS_FOR_A_TOKEN: Final = 16


def rewritten(text: str, tokens: list[Token]) -> list[Edit]:
    """Return the changes by which the running Python reads what other versions write."""
    return _Rewriting(text, tokens).edits()


class _Rewriting:
    """Goes through the tokens once. What only Python 2 writes shows which language it is."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._always: list[Edit] = []
        self._in_two: list[Edit] = []
        """Changes of what either language has, and means otherwise."""
        self._in_three: list[Edit] = []
        self._is_two = False
        self._steps = len(tokens) * _STEPS_FOR_A_TOKEN
        self._prints = True
        self._name = "_unpacked"
        while self._name in text:
            self._name += "_"

    def edits(self) -> list[Edit]:
        """Return all changes."""
        depth = lambdas = 0
        quoted: list[int] = []
        compound = at_start = is_line = True
        for place, token in enumerate(self._tokens):
            word = token.word
            if at_start and token.kind != "newline":
                if is_line:
                    self._indentation(place)
                    compound, lambdas = word in _COMPOUND, 0
                self._statement(place)
                at_start = is_line = False
            if token.kind == "newline":
                at_start = is_line = True
            elif token.kind == "name":
                self._word(place)
                lambdas += word == "lambda" and depth == 0
            elif token.kind == "number":
                self._number(token)
            elif token.kind == "string":
                self._string(token)
            elif word in _OPEN:
                depth += 1
            elif word in _CLOSED:
                depth -= 1
            elif word == "<>":
                self._of_two(Edit(token.start, token.end, "!="))
            elif word == "`":
                closes = bool(quoted) and quoted[-1] == depth
                quoted.pop() if closes else quoted.append(depth)
                self._of_two(Edit(token.start, token.end, ")" if closes else "repr("))
            elif depth == 0 and word == ";":
                at_start = True
            elif depth == 0 and word == ":" and lambdas:
                lambdas -= 1
            elif depth == 0 and word == ":" and compound:
                at_start, compound = True, False
        return [*self._always, *(self._in_two if self._is_two else self._in_three)]

    # --- what a place is ------------------------------------------------------------------

    def _of_two(self, *edits: Edit) -> None:
        self._is_two = True
        self._always.extend(edits)

    def _token(self, place: int) -> Token:
        if place < len(self._tokens):
            return self._tokens[place]
        return Token("newline", len(self._text), len(self._text), "")

    def _until(self, place: int, *words: str) -> int:
        """Return where at this depth one of the words stands, or the brackets or line end."""
        depth = 0
        while True:
            self._steps -= 1
            if self._steps < 0:
                raise Refused
            token = self._token(place)
            if token.kind == "newline":
                return place
            if token.kind in ("operator", "name"):
                if depth == 0 and (token.word in words or token.word in _CLOSED):
                    return place
                depth += (token.word in _OPEN) - (token.word in _CLOSED)
            place += 1

    def _closing(self, place: int) -> int:
        """Return where the bracket that opens at `place` closes."""
        closing = self._until(place + 1)
        if self._token(closing).word not in _CLOSED:
            raise Refused
        return closing

    # --- statements -----------------------------------------------------------------------

    def _statement(self, place: int) -> None:
        word, then = self._tokens[place].word, self._token(place + 1)
        if word == "async" and then.word in ("def", "for", "with"):
            word, place, then = then.word, place + 1, self._token(place + 2)
        match word:
            case "from" if then.word == "__future__":
                line = self._tokens[place : self._until(place, ";")]
                self._prints &= all(token.word != "print_function" for token in line)
            case "print" if self._prints:
                self._print(place)
            case "exec":
                self._exec(place)
            case "raise":
                self._raise(place)
            case "except":
                self._except(place + 1 + (then.word == "*"))
            case "def" | "class" if then.kind == "name":
                self._type_parameters(place + 2)
                if word == "def":
                    self._unpacking(place + 2)
            case "type" if then.kind == "name" and self._token(place + 2).word in ("=", "["):
                self._always.append(Edit(self._tokens[place].start, then.start, ""))
                self._type_parameters(place + 2)
            case "lazy" if then.word in ("import", "from"):
                self._always.append(Edit(self._tokens[place].start, then.start, ""))

    def _called(self, place: int, end: int) -> list[Edit]:
        """Put brackets around what follows the word at `place`: it is called with that."""
        opening, closing = self._tokens[place].end, self._tokens[end - 1].end
        return [Edit(opening, opening, "("), Edit(closing, closing, ")", -place)]

    def _print(self, place: int) -> None:
        first, end = self._token(place + 1), self._until(place + 1, ";")
        if end == place + 1 or first.word in ("=", ".", ",", "in", "is", "and", "or", "if"):
            return
        if first.word == ">>":
            comma = self._until(place + 2, ",", ";")
            stream = self._text[self._token(place + 2).start : self._token(comma - 1).end]
            _, closing = self._called(place, end)
            # What goes into a file is not printed.
            word = "print(" if stream.startswith("sys.std") else "("
            self._of_two(Edit(self._tokens[place].start, first.end, word), closing)
            return
        if first.word == "(" and self._closing(place + 1) == end - 1:
            return
        edits = self._called(place, end)
        if first.kind in ("string", "number", "name") or first.word in ("{", "`"):
            self._of_two(*edits)
        else:
            self._in_two.extend(edits)

    def _exec(self, place: int) -> None:
        first, end = self._token(place + 1), self._until(place + 1, ";")
        if end == place + 1 or first.word in ("=", ".", ","):
            return
        within = self._until(place + 1, "in", ";")
        edits = self._called(place, end)
        if within < end:
            edits.append(Edit(self._tokens[within].start, self._tokens[within].end, ","))
        if first.word != "(":
            self._of_two(*edits)
        elif within < end:
            self._in_two.extend(edits)

    def _raise(self, place: int) -> None:
        end, comma = self._until(place + 1, ";"), self._until(place + 1, ",", ";")
        if comma < end:
            at, closing = self._tokens[comma], self._tokens[end - 1].end
            self._of_two(Edit(at.start, at.end, "("), Edit(closing, closing, ")", -place))

    def _except(self, place: int) -> None:
        """`except A, e:` of Python 2 binds; `except A, B:` of Python 3.14 catches either."""
        colon = self._until(place, ":", "as")
        comma = self._until(place, ",", ":", "as")
        if comma >= colon or self._token(colon).word != ":":
            return
        at, second = self._tokens[comma], self._token(comma + 1)
        first, last = self._tokens[place], self._tokens[colon - 1]
        either = [Edit(first.start, first.start, "("), Edit(last.end, last.end, ")")]
        if self._until(comma + 1, ",", ":") != colon:
            self._always.extend(either)
            return
        is_name = second.kind == "name" and comma + 2 == colon
        binds = Edit(at.start, at.end, " as ") if is_name else Edit(at.start, last.end, "")
        if is_name and second.word.islower() and self._token(place - 1).word != "*":
            self._of_two(binds)
        else:
            self._in_two.append(binds)
            self._in_three.extend(either)

    def _type_parameters(self, place: int) -> None:
        if self._token(place).word == "[":
            start, end = self._tokens[place].start, self._tokens[self._closing(place)].end
            self._always.append(Edit(start, end, ""))

    # --- parameters that are taken apart --------------------------------------------------

    def _taken_apart(self, place: int, end: int, *ends: str) -> list[tuple[str, str]]:
        """Give a name to each `(a, b)` among parameters; return these and what they hold."""
        found = []
        while place < end:
            if self._token(place).word == "(":
                closing = self._closing(place)
                name = f"{self._name}{self._tokens[place].start}"
                start, stop = self._tokens[place].start, self._tokens[closing].end
                found.append((name, self._text[start + 1 : stop - 1].strip().rstrip(",")))
                self._of_two(Edit(start, stop, name))
                place = closing
            place = self._until(place, ",", *ends) + 1
        return found

    def _unpacking(self, place: int) -> None:
        """`def f(a, (b, c)):` takes its second argument apart before anything else."""
        if self._token(place).word != "(":
            return
        end = self._closing(place)
        found = self._taken_apart(place + 1, end)
        if not found:
            return
        body = self._until(end + 1, ":") + 1
        while self._token(body).kind == "newline" and body < len(self._tokens):
            body += 1
        first = self._token(body)
        if first.word not in _COMPOUND and first.word != "@":
            unpacked = "".join(f"({names},) = {name}; " for name, names in found)
            self._always.append(Edit(first.start, first.start, unpacked, -1))

    def _lambda(self, place: int) -> None:
        """`lambda (a, b): c` calls a function of two with what it is given."""
        colon = self._until(place + 1, ":")
        found = self._taken_apart(place + 1, colon, ":")
        if not found or self._token(colon).word != ":":
            return
        names = ", ".join(names.replace("(", "").replace(")", "") for _, names in found)
        given = ", ".join(f"*{name}" for name, _ in found)
        start = self._tokens[colon].end
        end = self._tokens[self._end_of_lambda(colon + 1) - 1].end
        self._always.append(Edit(start, start, f" (lambda {names}:"))
        self._always.append(Edit(end, end, f")({given})", -place))

    def _end_of_lambda(self, place: int) -> int:
        while True:
            end = self._until(place, ",", ";", ":", "for", "lambda")
            if self._token(end).word != "lambda":
                return end
            place = self._until(end + 1, ":") + 1

    # --- smaller things -------------------------------------------------------------------

    def _word(self, place: int) -> None:
        token, then = self._tokens[place], self._token(place + 1)
        if token.word == "lambda":
            self._lambda(place)
        elif (token.word == "async" and then.word not in ("def", "for", "with")) or (
            token.word == "await" and (then.word in _AFTER_NAME or then.kind == "newline")
        ):
            # Names before Python 3.7.
            self._always.append(Edit(token.end, token.end, "_", -len(self._tokens)))

    def _number(self, token: Token) -> None:
        digits = token.word.rstrip("lL") if not token.word.endswith(("j", "J")) else token.word
        is_octal = digits.isdigit() and digits.startswith("0") and digits.strip("0") != ""
        if is_octal and not set(digits) & set("89"):
            self._of_two(Edit(token.start, token.end, f"0o{digits}"))
        elif digits != token.word:
            self._of_two(Edit(token.end - 1, token.end, " "))

    def _string(self, token: Token) -> None:
        if token.word == "ur":
            self._of_two(Edit(token.start, token.start + 1, ""))
        elif not token.word:
            # In a text of bytes these stand for themselves.
            for escape in _ESCAPE.finditer(self._text, token.start, token.end):
                if escape["is_meant"] is None and escape["may_be"]:
                    self._always.append(Edit(escape.start(), escape.start(), "\\"))
                elif escape["may_be"]:
                    self._in_two.append(Edit(escape.start(), escape.start(), "\\"))

    def _indentation(self, place: int) -> None:
        """Python 2 takes a tab for up to eight spaces."""
        start, end = self._tokens[place - 1].end if place else 0, self._tokens[place].start
        before = self._text[start:end]
        if "\t" in before and not before.strip(" \t"):
            self._always.append(Edit(start, end, before.expandtabs(8)))
