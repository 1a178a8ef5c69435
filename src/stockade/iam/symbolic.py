"""Text of which parts are not known yet, such as an ARN with CloudFormation expressions in it.

An unknown part is an **atom**: a name between two private-use characters. `atom("Orders")` may
stand anywhere in an ARN, an account, a condition value or a policy's patterns:

    f"arn:{atom('AWS::Partition')}:dynamodb:{atom('AWS::Region')}:{atom('AWS::AccountId')}"
    f":table/{atom('Orders')}"

What is certain of an atom:
- equal atoms are equal text, and `*` covers an atom whatever it stands for, as `?*` does;
- an atom stands for at least one character, holds no `:` and, in a pattern, no wildcard;
- two different *unique* atoms (`atom(name, unique=True)`) are different names without `/`, as
  the physical names of two resources of one type are.

All else is `Unsure`, and names the atoms that would decide. A text that is one atom and nothing
else (a whole ARN that is not known) matches only itself and `*` for certain.
"""

from functools import lru_cache

from stockade.iam.pattern import Token, Tokens, Wild, is_any, matcher
from stockade.iam.truth import Truth, Unsure

OPEN, CLOSE, UNIQUE = "\ue000", "\ue001", "\ue002"
_MEANINGFUL = ":*?$/{}"
_HIDE = {ord(char): 0xE010 + at for at, char in enumerate(_MEANINGFUL)}
"""Characters of a name that mean something in a pattern are written as others, and shown back."""
_SHOW = {code: char for char, code in zip(_MEANINGFUL, _HIDE.values(), strict=True)}

Unit = str | Wild


@lru_cache(maxsize=1024)
def atom(name: str, *, unique: bool = False) -> str:
    """Write the unknown part called `name`."""
    return f"{OPEN}{UNIQUE if unique else ''}{name.translate(_HIDE)}{CLOSE}"


def has_atoms(text: str) -> bool:
    """Whether some part of the text is not known."""
    return OPEN in text


def has_atom(pattern: Tokens) -> bool:
    """Whether some part of the pattern is not known."""
    return any(isinstance(token, str) and OPEN in token for token in pattern)


def show(text: str) -> str:
    """Write the text for people: an atom as CloudFormation's `${name}`."""
    if OPEN not in text:
        return text
    text = text.replace(OPEN + UNIQUE, "${").replace(OPEN, "${").replace(CLOSE, "}")
    return text.translate(_SHOW)


def equal(one: str, other: str) -> Truth:
    """Whether two texts are the same."""
    return like((other,) if other else (), one)


def like(pattern: Tokens, text: str) -> Truth:
    """Whether a text matches a wildcard pattern; either may hold atoms."""
    if OPEN not in text and not has_atom(pattern):
        return matcher(pattern)(text)
    return pattern == (text,) or _like(pattern, text)


@lru_cache(maxsize=2048)
def _like(pattern: Tokens, text: str) -> Truth:
    """Compare by parts; an application asks about the same ARNs for every one of its roles."""
    units, against = _units((text,)), _units(pattern)
    if units == against or is_any(pattern) or _certainly(against, units):
        return True
    if _surely_different(against, units):
        return False
    against, units = _without_common(against, units)
    if _surely_different(against, units) or not _possibly(against, units):
        return False
    return Unsure(tuple(dict.fromkeys(show(str(u)) for u in (*units, *against) if _is_atom(u))))


def _units(tokens: Tokens) -> tuple[Unit, ...]:
    """Single characters, wildcards and whole atoms."""
    units: list[Unit] = []
    for token in tokens:
        if isinstance(token, Wild):
            units.append(token)
            continue
        at = 0
        while (start := token.find(OPEN, at)) >= 0:
            end = token.find(CLOSE, start)
            end = len(token) if end < 0 else end + 1
            units.extend(token[at:start])
            units.append(token[start:end])
            at = end
        units.extend(token[at:])
    return tuple(units)


def _without_common(
    pattern: tuple[Unit, ...], text: tuple[Unit, ...]
) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """Drop what both start and end with: equal atoms cancel out."""
    shorter = min(len(pattern), len(text))
    head = 0
    while head < shorter and pattern[head] == text[head]:
        head += 1
    pattern, text = pattern[head:], text[head:]
    tail, shorter = 0, shorter - head
    while tail < shorter and pattern[-1 - tail] == text[-1 - tail]:
        tail += 1
    return pattern[: len(pattern) - tail], text[: len(text) - tail]


def _is_atom(unit: Unit) -> bool:
    return isinstance(unit, str) and unit.startswith(OPEN)


def _certainly(pattern: tuple[Unit, ...], text: tuple[Unit, ...]) -> bool:
    """Match with every atom taken as a letter of its own.

    A `?` beside a `*` covers an atom as well: an atom has a letter, and the `*` takes its others.
    """
    state, loops, any_one, any_atom, masks, final = 1, 0, 0, 0, dict[str, int](), 1
    for at, unit in enumerate(pattern):
        if unit is Wild.STAR:
            loops |= final
        else:
            if unit is Wild.ANY:
                any_one |= final
                any_atom |= final if _is_beside_star(pattern, at) else 0
            elif isinstance(unit, str):
                masks[unit] = masks.get(unit, 0) | final
            final <<= 1
    for unit in text:
        steps = masks.get(str(unit), 0) | (any_atom if _is_atom(unit) else any_one)
        state = ((state & steps) << 1) | (state & loops)
        if not state:
            return False
    return bool(state & final)


def _is_beside_star(pattern: tuple[Unit, ...], at: int) -> bool:
    """Tell whether the run of wildcards that holds the one at `at` has a `*`."""
    first = last = at
    while first > 0 and isinstance(pattern[first - 1], Wild):
        first -= 1
    while last + 1 < len(pattern) and isinstance(pattern[last + 1], Wild):
        last += 1
    return Wild.STAR in pattern[first : last + 1]


def _possibly(pattern: tuple[Unit, ...], text: tuple[Unit, ...]) -> bool:
    """Match with every atom taken as any text at all: more than can be."""
    state, loops, any_one, masks, final = 1, 0, 0, dict[str, int](), 1
    for unit in pattern:
        if unit is Wild.STAR or _is_atom(unit):
            loops |= final
        else:
            if unit is Wild.ANY:
                any_one |= final
            elif isinstance(unit, str):
                masks[unit] = masks.get(unit, 0) | final
            final <<= 1
    everything = (final << 1) - 1
    for unit in text:
        if _is_atom(unit):
            state = everything & ~((state & -state) - 1)
        else:
            steps = masks.get(str(unit), 0) | any_one
            state = ((state & steps) << 1) | (state & loops)
        if not state:
            return False
    return bool(state & final)


def _surely_different(pattern: tuple[Unit, ...], text: tuple[Unit, ...]) -> bool:
    """Whether both have, in one component between slashes, different unique names."""
    for theirs, ours in zip(_components(pattern), _components(text), strict=False):
        if Wild.STAR in theirs:
            return False
        if len(theirs) == len(ours):
            unlike = [(a, b) for a, b in zip(theirs, ours, strict=True) if a != b]
            if len(unlike) == 1 and all(_is_unique(unit) for unit in unlike[0]):
                return True
        if any(_is_atom(unit) and not _is_unique(unit) for unit in (*theirs, *ours)):
            return False  # an ordinary atom may hold slashes: what follows is not aligned
    return False


def _is_unique(unit: Unit) -> bool:
    return isinstance(unit, str) and unit.startswith(OPEN + UNIQUE)


def _components(units: tuple[Unit, ...]) -> list[tuple[Token, ...]]:
    components: list[list[Unit]] = [[]]
    for unit in units:
        if unit == "/":
            components.append([])
        else:
            components[-1].append(unit)
    return [tuple(component) for component in components]
