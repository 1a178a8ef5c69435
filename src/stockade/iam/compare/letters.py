"""Variables and unknown parts as letters of the alphabet, so that automata can walk over them.

A pattern with `${aws:username}` matches different texts in different requests. As a letter of
its own, the variable equals itself and is covered by `*`, and nothing more. A text that one
pattern matches and another does not is found in this larger alphabet if there is one for any
value of the variables; so what is proved here holds whatever they stand for.
"""

from stockade.iam.arn import PARTS, padded
from stockade.iam.compare.shapes import FIRST_ATOM, FIRST_VARIABLE, Shape
from stockade.iam.operators import Family
from stockade.iam.pattern import Tokens, Wild, tokenize
from stockade.iam.policy import Condition
from stockade.iam.resources import resource_pieces
from stockade.iam.symbolic import CLOSE, OPEN
from stockade.iam.variables import Pieces, Variable, pieces


class Letters:
    """The letters given out in one comparison."""

    def __init__(self) -> None:
        self.variables: dict[Variable, str] = {}
        self.atoms: dict[str, str] = {}

    def of_variable(self, variable: Variable) -> str:
        """Give the letter that stands for a variable's value."""
        return self.variables.setdefault(variable, chr(ord(FIRST_VARIABLE) + len(self.variables)))

    def shape(self, cut: Pieces, *, arn: bool = False, nocase: bool = False) -> Shape:
        """Make the pattern that an automaton can walk."""
        tokens: list[str | Wild] = []
        for piece in cut:
            text = self.of_variable(piece) if isinstance(piece, Variable) else piece
            if isinstance(text, str):
                text = self._without_atoms(text)
                if tokens and isinstance(tokens[-1], str):
                    tokens[-1] += text
                    continue
            tokens.append(text)
        return Shape(tuple(tokens), arn, nocase)

    def resource(self, pattern: str, *, variables: bool, pad: bool) -> Shape | None:
        """Make the pattern of a resource's ARN; None if it can match no ARN."""
        return self._arn(resource_pieces(pattern, variables=variables), pad=pad)

    def values(self, condition: Condition, *, variables: bool) -> tuple[Shape, ...]:
        """Make the patterns of a string or ARN condition."""
        operator = condition.operator
        wildcards = operator.test == "like"
        shapes: list[Shape] = []
        for value in condition.values:
            if variables:
                cut = pieces(value, wildcards=wildcards)
            else:
                cut = _plain(value, wildcards=wildcards)
            if operator.family is Family.ARN:
                shape = self._arn(cut, pad=False)
                shapes.extend([shape] if shape else [])
            else:
                shapes.append(self.shape(cut, nocase=operator.test == "nocase"))
        return tuple(shapes)

    def _arn(self, cut: Pieces, *, pad: bool) -> Shape | None:
        shape = self.shape(cut)
        if shape.tokens == (Wild.STAR,):
            return shape
        parts = padded(shape.tokens, pad=pad)
        if len(parts) != PARTS:
            has_colon = any(isinstance(t, str) and ":" in t for t in shape.tokens)
            return None if has_colon else shape
        return Shape(_joined(parts), arn=True)

    def _without_atoms(self, text: str) -> str:
        while (start := text.find(OPEN)) >= 0:
            end = text.find(CLOSE, start)
            end = len(text) if end < 0 else end + 1
            atom = text[start:end]
            letter = self.atoms.setdefault(atom, chr(ord(FIRST_ATOM) + len(self.atoms)))
            text = text[:start] + letter + text[end:]
        return text

    def spelled(self, text: str, values: dict[str, str]) -> str:
        """Replace letters by what they stand for; `values` are those of the variables."""
        if text.isascii():
            return text
        for atom, letter in self.atoms.items():
            text = text.replace(letter, atom)
        for letter, value in values.items():
            text = text.replace(letter, value)
        return text


def _plain(value: str, *, wildcards: bool) -> Pieces:
    if wildcards:
        return tokenize(value)
    return (value,) if value else ()


def _joined(parts: list[Tokens]) -> Tokens:
    tokens: list[str | Wild] = []
    for index, part in enumerate(parts):
        for token in (*((":",) if index else ()), *part):
            if isinstance(token, str) and tokens and isinstance(tokens[-1], str):
                tokens[-1] += token
            else:
                tokens.append(token)
    return tuple(tokens)
