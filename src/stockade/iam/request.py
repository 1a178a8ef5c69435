"""A request: who asks to do what on which resource, in what circumstances.

Follows "Components of a request" and "AWS global condition context keys" of the IAM User Guide.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from stockade.iam.principals import Principal
from stockade.iam.principals import principal as read_principal
from stockade.iam.symbolic import OPEN
from stockade.iam.text import lower, written

Scalar = str | bool | int | float
Values = Mapping[str, Scalar | Iterable[Scalar]]


class Request:
    """One request, prepared for comparing. Treat it as immutable.

    `action` and the keys of `context` are folded; `shown_action` and `shown_context` are as given.

    `principal` is an ARN, a service's or identity provider's name, or None for an unsigned
    request. `resource` is an ARN, or `*` for an action without resource types. `account` is the
    account that owns the resource; None takes it from the ARN, and where the ARN names none
    (an S3 bucket) it is not known. A context value that is a string, a number or a boolean is
    single-valued, anything else is multivalued. Keys compare without case.

    `unknown` names keys of which it is not known whether they are there or what they hold;
    `aws:RequestTag/*` names all with this start, and `*` every key that is not given.
    """

    __slots__ = (
        "_unknown",
        "_unknown_starts",
        "account",
        "action",
        "context",
        "principal",
        "resource",
        "shown_action",
        "shown_context",
        "symbolic",
    )

    def __init__(  # noqa: PLR0913 - what a request is made of
        self,
        principal: str | None,
        action: str,
        resource: str,
        *,
        context: Values | None = None,
        account: str | None = None,
        unknown: Iterable[str] = (),
    ) -> None:
        self.principal: Principal = read_principal(principal)
        self.shown_action = action
        self.action = lower(action)
        self.resource = resource
        self.symbolic = OPEN in resource
        self.account = account or _account_of(resource)
        self.shown_context = context or {}
        self.context: dict[str, str | tuple[str, ...]] = (
            {
                lower(key): value if isinstance(value, str) else _held(value)
                for key, value in context.items()
            }
            if context
            else {}
        )
        self._unknown, self._unknown_starts = _named(tuple(unknown)) if unknown else _NONE

    def written_context(self) -> dict[str, str | tuple[str, ...]]:
        """Give the context as text, with its keys as they were given."""
        return {key: _held(value) for key, value in self.shown_context.items()}

    def is_unknown(self, key: str) -> bool:
        """Whether it is not known what a (folded) key that is not given holds."""
        return key in self._unknown or (
            bool(self._unknown_starts) and key.startswith(self._unknown_starts)
        )


def _held(value: Scalar | Iterable[Scalar]) -> str | tuple[str, ...]:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return tuple(map(_text, value))
    return _text(value)


def _text(value: object) -> str:
    text = written(value)
    if text is None:
        message = f"a condition key holds strings, numbers or booleans, not {value!r}"
        raise TypeError(message)
    return text


@lru_cache(maxsize=256)
def _named(unknown: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the keys that are named whole, and the starts of the others."""
    names = [lower(name) for name in unknown]
    return (
        frozenset(name for name in names if not name.endswith("*")),
        tuple(name[:-1] for name in names if name.endswith("*")),
    )


_NONE: tuple[frozenset[str], tuple[str, ...]] = (frozenset(), ())


def _account_of(resource: str) -> str:
    parts = resource.split(":", 5)
    return parts[4] if len(parts) > 4 else ""  # noqa: PLR2004 - arn:partition:service:region:account
