"""What is a secret, in a template and in code: known formats, and texts that are named so.

A name, a path, an ARN, a dynamic reference or a placeholder is none. What is found is never told
whole: `redacted` leaves enough of it to find it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from math import log2

from stockade._late import pattern
from stockade.model.record import record


@record
class Found:
    """A secret within a text: what it is, and where it begins and ends."""

    kind: str
    start: int
    end: int


@record
class _Format:
    """How secrets of a kind are written: `written` matches `before` characters before a marker.

    Where `public` stands around it, it is made to be sent to browsers.
    """

    kind: str
    markers: tuple[str, ...]
    written: re.Pattern[str]
    before: int = 0
    public: re.Pattern[str] | None = None

    def is_public(self, text: str, start: int, end: int) -> bool:
        """Tell whether what stands around one of these says that every browser is given it."""
        return self.public is not None and (
            self.public.search(text, max(0, start - _AROUND), end + _AROUND) is not None
        )


_AROUND = 600
_FOR_BROWSERS = pattern(
    r"authDomain|DefinePlugin|maps\.googleapis\.com/maps/api/js|"
    r"\b(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|VITE|REACT_APP)_"
)
"""Stands where keys of Google are packed for pages: "API keys for Firebase are not secret" of the
Firebase documentation, and the script of the Maps JavaScript API."""
_FORMATS = (  # No repetition is unbounded: hostile text is searched as fast as any other.
    _Format(
        "a private key",
        ("-----BEGIN ",),
        pattern(
            r"-----BEGIN (?:[A-Z]{1,12} )?PRIVATE KEY-----(?:\\n|\s){1,8}[A-Za-z0-9+/=]{16,80}"
        ),
    ),
    _Format("an access key of AWS", ("AKIA",), pattern(r"\bAKIA[A-Z2-7]{16}\b")),
    _Format(
        "a token of GitHub",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        pattern(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{60,255})"),
    ),
    _Format("a token of GitLab", ("glpat-",), pattern(r"\bglpat-[\w-]{20,100}")),
    _Format(
        "a token of Slack",
        ("xox", "hooks.slack.com/services/"),
        pattern(
            r"\b(?:xox[abprs]-\d[\w-]{20,255}"
            r"|hooks\.slack\.com/services/T\w{6,20}/B\w{6,20}/\w{20,50})"
        ),
    ),
    _Format(
        "a live key of Stripe", ("_live_",), pattern(r"\b[sr]k_live_[A-Za-z0-9]{20,255}"), before=2
    ),
    _Format(
        "an API key of Google",
        ("AIza",),
        pattern(r"\bAIza[\w-]{35}(?![\w-])"),
        public=_FOR_BROWSERS,
    ),
    _Format("a key of SendGrid", ("SG.",), pattern(r"\bSG\.[\w-]{22}\.[\w-]{43}")),
    _Format(
        "a key of a language model's API",
        ("sk-",),
        pattern(r"\bsk-(?:(?:proj-)?[\w-]{20,100}T3BlbkFJ[\w-]{20,100}|ant-[\w-]{60,200})"),
    ),
    _Format(
        "a token that somebody signed",
        ("Bearer eyJ",),
        pattern(r"\bBearer eyJ[\w-]{10,1000}\.[\w-]{10,2000}\.[\w-]{16,1000}"),
    ),
    _Format(
        "a token of a Telegram bot", (":AA",), pattern(r"\d{8}:AA[\w-]{33}(?![\w-])"), before=8
    ),
    _Format(
        "a webhook of Discord",
        ("/api/webhooks/",),
        pattern(r"/api/webhooks/\d{17,20}/[\w-]{60,80}"),
    ),
    _Format("a client secret of Google", ("GOCSPX-",), pattern(r"\bGOCSPX-[\w-]{28}(?![\w-])")),
    _Format("a signing secret of Stripe", ("whsec_",), pattern(r"\bwhsec_[A-Za-z0-9+/]{32,64}")),
    _Format("a key of Groq", ("gsk_",), pattern(r"\bgsk_[A-Za-z0-9]{52}\b")),
    _Format("a token of Hugging Face", ("hf_",), pattern(r"\bhf_[A-Za-z]{34}\b")),
    _Format("a token of npm", ("npm_",), pattern(r"\bnpm_[A-Za-z0-9]{36}\b")),
)
_DATABASE = pattern(r"\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|amqps?|rediss?)(?:\+\w+)?\Z")
_CREDENTIALS = pattern(
    r"://[^\s:@/'\"{}$<>]{0,100}:(?P<password>[^\s:@/'\"{}$<>%*]{4,200})@(?!localhost|127\.)"
)
_LONGEST_SCHEME = 40
_ASKED_WITH = ("key=", "Key=", "appid=", "token=", "secret=")
_IN_ADDRESS = pattern(
    r"[?&](?:api[-_]?key|app_?id|key|(?:access|auth|api)[-_]?token|token|client[-_]?secret)="
    r"(?P<key>[A-Za-z0-9][\w-]{19,119})(?![\w.%-])",
    re.IGNORECASE,
)
"""What a request is let in with, in its address: `?appid=`, `&api_key=`."""
_LONGEST_NAME = 16
_PLACEHOLDER = pattern(
    r"(?i)example|change.?(?:me|this|in\b|it\b|before)|replace|your[-_ ]|dummy|placeholder|"
    r"todo|redacted|sample|fake|"
    r"x{4,}|\*{3,}|\.\.\.|^<.*>$|1234567|abcdef|not[-_]?a|secret[-_]?(?:name|key|value|id)|^user"
)
_NAMED = pattern(
    r"(?:^|_)(?:(?P<password>(?:pg|db|smtp|root|admin)?pass(?:word|wd|phrase)?|pwd)|(?:auth_?|access_?|api_?|bearer_?)?"
    r"token|secret|api_?key|(?:private|access|secret|auth|signing|encryption|master|shared|jwt)"
    r"_?key|client_?secret|credentials?)\d?$"
)
_SIGNS = pattern(r"(?:^|_)(?:jwt|session|cookie|signing|hmac)_?(?:secret|key)$")
"""Names of what tokens and cookies are signed with: authors make it up like a password."""
_OF_TESTS = ("test_", "mock_", "fake_", "dummy_", "example_", "sample_")
_MAY_BE_A_NAME = pattern(r"(?<!client_)(?<![a-z])(?:secret|credentials?)\d?$")
_CAMEL = pattern(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]+")
_OF_WORDS = pattern(r"(?:^|[-_./:])[A-Za-z]{4,}(?:[-_./:]|$)|(?:[A-Z][a-z]{3,}){2}")
"""Names of things: words between separators, or one after the other."""
_STRONG = 3.2
"""Bits for each character: words of a language have less, keys have more."""


def in_text(text: str) -> Iterator[Found]:
    """Yield the secrets of known formats that stand in a text, in order."""
    end = 0
    written = (*_keys(text), *_passwords(text), *_in_addresses(text))
    for found in sorted(written, key=lambda one: one.start):
        if found.start >= end and not _PLACEHOLDER.search(text[found.start : found.end]):
            end = found.end
            yield found


def _keys(text: str) -> Iterator[Found]:
    for known in _FORMATS:
        for marker in known.markers:
            for at in places(text, marker):
                match = known.written.match(text, max(0, at - known.before))
                if match and not known.is_public(text, *match.span()):
                    yield Found(known.kind, *match.span())


def _passwords(text: str) -> Iterator[Found]:
    """Yield the passwords in addresses of databases."""
    for at in places(text, "://"):
        match = _CREDENTIALS.match(text, at)
        if (
            match
            and _DATABASE.search(text, max(0, at - _LONGEST_SCHEME), at)
            and match["password"].lower() not in _WEAK_WORDS
        ):
            yield Found("a password of a database", *match.span("password"))


def _in_addresses(text: str) -> Iterator[Found]:
    """Yield the keys that stand in the address of a request, after the name of a parameter."""
    for marker in _ASKED_WITH:
        for at in places(text, marker):
            first = max(0, at - _LONGEST_NAME)
            before = max(text.rfind("?", first, at), text.rfind("&", first, at))
            match = _IN_ADDRESS.match(text, before) if before >= 0 else None
            # A link to a file in Firebase's storage is for whoever is given it.
            is_link = text.startswith("alt=media", max(0, before - len("alt=media")))
            if match and _is_random(match["key"]) and not is_link:
                yield Found("a key in an address", *match.span("key"))


def places(text: str, marker: str) -> Iterator[int]:
    """Yield where a marker stands: finding it is fifty times faster than a pattern's search."""
    at = text.find(marker)
    while at >= 0:
        yield at
        at = text.find(marker, at + 1)


_WEAK_WORDS = frozenset(
    {"password", "pass", "pwd", "secret", "postgres", "root", "guest", "admin"}
)


@lru_cache(maxsize=1024)
def is_named(name: str) -> bool:
    """Tell whether a name says that a secret's value stands under it, and of no test's."""
    words = _words(name)
    return _NAMED.search(words) is not None and not words.startswith(_OF_TESTS)


def is_password(name: str) -> bool:
    """Tell whether a name says that a password stands under it."""
    found = _NAMED.search(_words(name))
    return found is not None and found["password"] is not None


def is_value(name: str) -> bool:
    """Tell whether a name says that a secret stands under it, not the name or ARN of one."""
    words = _words(name)
    may_be_a_name = _MAY_BE_A_NAME.search(words) is not None and not _SIGNS.search(words)
    return is_named(name) and not may_be_a_name


_PLAIN_WORDS = frozenset(
    [
        "id",
        "ids",
        "sid",
        "name",
        "user",
        "username",
        "email",
        "mail",
        "address",
        "region",
        "host",
        "port",
        "bucket",
        "table",
        "stage",
        "environment",
        "domain",
        "account",
        "issuer",
        "audience",
        "scope",
        "from",
        "sender",
        "recipient",
        "project",
        "zone",
        "channel",
    ]
)
"""Last words of names by which something is found, not proven."""
_PUBLIC = ("public_key", "publickey", "publishable_key", "sentry_dsn", "verify_key")
"""How names end of what is made to be known."""


def is_plain(name: str) -> bool:
    """Tell whether a name ends with a word that speaks of no secret: `ClientId`, `DB_HOST`."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
    parts = re.split(r"[^a-z]+", words)
    return parts[-1] in _PLAIN_WORDS or "_".join(parts).endswith(_PUBLIC)


def is_secret(name: str, text: str) -> bool:
    """Tell whether a text that stands under a secret's name is the secret itself."""
    if not is_named(name) or is_reference(text) or _PLACEHOLDER.search(text):
        return False
    if is_password(name) or _SIGNS.search(_words(name)):
        return is_a_password(text)
    return len(text) >= _SHORTEST_KEY and _is_random(text)


_SHORTEST_KEY = 16
_SHORTEST_PASSWORD = 6


def is_a_password(text: str) -> bool:
    """Tell whether a text may be a password: not a word, a name or a path."""
    return (
        len(text) >= _SHORTEST_PASSWORD
        and not is_reference(text)
        and not _PLACEHOLDER.search(text)
        and re.search(r"\d|[^\w-]", text) is not None
        and re.search(r"[A-Za-z]", text) is not None
    )


def is_placeholder(text: str) -> bool:
    """Tell whether a text only keeps the place of another: `changeme`."""
    return _PLACEHOLDER.search(text) is not None


def is_reference(text: str) -> bool:
    """Tell whether a text leads to something else: an ARN, a path, an address, a reference."""
    return (
        text.startswith(("arn:", "{{resolve:", "/", "http://", "https://", "s3://", "${"))
        or "${" in text
        or " " in text.strip()
        or not text.strip()
    )


def redacted(text: str) -> str:
    """Return the beginning of a secret, and how long it is."""
    shown = text[:4] if len(text) >= _SHORTEST_KEY else text[:1]
    return f"{shown}... ({len(text)} characters)"


def _words(name: str) -> str:
    return _CAMEL.sub("_", name).lower()


def _is_random(text: str) -> bool:
    if _OF_WORDS.search(text):
        return False
    if not re.search(r"\d", text) or not re.search(r"[A-Za-z]", text):
        return False
    counts = Counter(text)
    entropy = -sum(n / len(text) * log2(n / len(text)) for n in counts.values())
    return entropy >= _STRONG
