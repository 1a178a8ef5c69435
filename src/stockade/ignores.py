"""Findings that the user accepts: where that is written, and which findings it covers.

An ignore stands in a comment, in a template's `Metadata`, or in the configuration. Wherever it
stands it names the rule and the finding's fingerprint and gives a reason, so that it covers that
one finding and nothing that comes later. What is written wrongly, has ended or covers nothing is
told in the report; none of it is dropped in silence.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial

from stockade._late import pattern
from stockade.model import (
    Application,
    Finding,
    Ignore,
    Ignored,
    Location,
    Map,
    Scalar,
    SourceFile,
    Sources,
    Unknown,
    Unseen,
    Value,
    constant,
    items,
)
from stockade.model.asked import Asked
from stockade.model.memory import Memory
from stockade.model.record import record

MARKER = "stockade:"
"""Stands in every file that holds an ignore."""

CODE = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")

_COMMENT = pattern(r"(?:#|//)\s*stockade:\s*ignore\b[ \t]*([^\r\n]*)")
_FINGERPRINT = pattern(r"[0-9a-fA-F]{8,16}\Z")
_UNTIL_DATE = 2
_WRITE_IT = "write `stockade: ignore RULE FINGERPRINT because REASON`"


@record
class Applied:
    """What is left of the findings, and what became of the ignores."""

    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    stale: tuple[Ignore, ...]
    wrong: tuple[Unseen, ...]


def apply(
    findings: Iterable[Finding],
    written: Iterable[Ignore | Unseen],
    *,
    run: AbstractSet[str],
    known: AbstractSet[str],
    today: date,
) -> Applied:
    """Take out the findings that an ignore covers.

    `run` are the ids of the rules that ran, `known` those that there are. An ignore is stale if
    it covers nothing although its rule ran. One that has ended covers nothing and is told under
    `wrong`, together with those that were written wrongly.
    """
    wrong, valid = [], []
    for one in written:
        if isinstance(one, Unseen):
            wrong.append(one)
        elif one.rule not in known:
            wrong.append(_unseen(one.at, f"this ignore names {one.rule!r}, which is no rule"))
        elif one.until is not None and one.until < today:
            wrong.append(_unseen(one.at, f"this ignore of {one.rule} ended on {one.until}"))
        else:
            valid.append(one)
    left, ignored = [], []
    for finding in findings:
        ignore = next((one for one in valid if covers(one, finding)), None)
        if ignore is None:
            left.append(finding)
        else:
            ignored.append(Ignored(finding=finding, ignore=ignore))
    used = {id(one.ignore) for one in ignored}
    stale = tuple(one for one in valid if id(one) not in used and one.rule in run)
    return Applied(tuple(left), tuple(ignored), stale, tuple(wrong))


def covers(ignore: Ignore, finding: Finding) -> bool:
    """Tell whether `ignore` was given for this very finding."""
    same_rule = ignore.rule == finding.rule.id
    return same_rule and finding.fingerprint.startswith(ignore.fingerprint)


def written_in(
    app: Application, seen: set[str], memory: Memory | None = None
) -> Iterator[Ignore | Unseen]:
    """Yield the ignores in an application's templates and code, and what is wrong with others.

    `seen` holds the templates and folders that were read for other applications, and is added
    to. Files that lie in several folders of code are told once for each. What the memory keeps
    is not read again.
    """
    memory = memory or Memory(keeps=False)
    roots = {f"{root}/" for function in app.functions.values() for root in function.roots}
    for place in (*(stack.template for stack in app.stacks), *sorted(roots)):
        if place not in seen:
            seen.add(place)
            yield from memory.recall(("comments", place), (), partial(_below, place, app.sources))
    yield from memory.recall(("metadata", app.name), (app,), lambda _: tuple(_in_metadata(app)))


def _below(place: str, sources: Sources, _asked: Asked) -> tuple[Ignore | Unseen, ...]:
    """Return the ignores in the comments of a file, or of the code in a folder."""
    paths: Iterable[str] = (place,)
    if place.endswith("/"):
        paths = (path for path in sources.files_below(place[:-1]) if path.endswith(CODE))
    found: list[Ignore | Unseen] = []
    for path in paths:
        its = sources.worked_out(path, _in_file)
        if not isinstance(its, Unknown):
            found.extend(its)
    return tuple(found)


def _in_file(file: SourceFile) -> tuple[Ignore | Unseen, ...]:
    return tuple(in_comments(file.path, file.text)) if MARKER in file.text else ()


def in_comments(path: str, text: str) -> Iterator[Ignore | Unseen]:
    """Yield the ignores that stand in comments of a file."""
    comments = _python_comments(text) if path.endswith(".py") else None
    for number, line in enumerate(text.splitlines(), start=1):
        if MARKER not in line:
            continue
        match = _COMMENT.search(line)
        if match is None or (comments is not None and (number, match.start()) not in comments):
            continue
        at = Location(path, number, match.start() + 1, number, match.end() + 1)
        yield from _from_words(match[1], at)


def _python_comments(text: str) -> set[tuple[int, int]] | None:
    """Tell where `#` starts a comment, or None for text that is not Python."""
    import io  # noqa: PLC0415 - only for the few files that hold an ignore
    import tokenize  # noqa: PLC0415

    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, RecursionError, UnicodeError):
        # Since Python 3.12 a lone carriage return can make it read half a character.
        return None
    return {token.start for token in tokens if token.type == tokenize.COMMENT}


def _from_words(words: str, at: Location) -> Iterator[Ignore | Unseen]:
    """Read `RULE FINGERPRINT[,FINGERPRINT] [until DATE] because REASON`."""
    head, because, reason = words.partition(" because ")
    rule, fingerprints, *more = [*head.split(), "", ""]
    more = more[:-2] if fingerprints else []
    if not rule or not fingerprints or fingerprints in ("until", "because"):
        yield _unseen(at, f"this ignore names no finding: {_WRITE_IT}")
    elif not because or not reason.strip():
        yield _unseen(at, f"this ignore gives no reason: {_WRITE_IT}")
    elif more and (more[0] != "until" or len(more) != _UNTIL_DATE):
        yield _unseen(at, f"{' '.join(more)!r} in this ignore is not understood: {_WRITE_IT}")
    else:
        for fingerprint in filter(None, fingerprints.split(",")):
            yield _ignore(rule, fingerprint, reason.strip(), more[1] if more else None, at)


def _ignore(
    rule: str, fingerprint: str, reason: str, until: str | None, at: Location
) -> Ignore | Unseen:
    if not _FINGERPRINT.match(fingerprint):
        return _unseen(at, f"{fingerprint!r} in this ignore is no fingerprint of 8 to 16 digits")
    try:
        end = date.fromisoformat(until) if until else None
    except ValueError:
        return _unseen(at, f"{until!r} in this ignore is no date: write `until 2027-01-31`")
    return Ignore(rule=rule, fingerprint=fingerprint.lower(), reason=reason, at=at, until=end)


def _in_metadata(app: Application) -> Iterator[Ignore | Unseen]:
    """Read `Metadata: {Stockade: {Ignore: [...]}}` of stacks and resources, each place once."""
    places = set()
    held = [stack.metadata for stack in app.stacks]
    held += [resource.metadata for resource in app.resources.values()]
    for metadata in held:
        stockade = metadata.get("Stockade") if metadata else None
        entries = stockade.get("Ignore") if isinstance(stockade, Map) else None
        for entry in items(entries):
            # What SAM expands into several resources gives its Metadata to each of them.
            if entry.at not in places:
                places.add(entry.at)
                yield _from_metadata(entry)


def _from_metadata(entry: Value) -> Ignore | Unseen:
    if not isinstance(entry, Map):
        return _unseen(entry.at, "this ignore must hold Rule, Fingerprint and Reason")
    texts = {key: constant(entry.get(key)) for key in ("Rule", "Fingerprint", "Reason", "Until")}
    for key in ("Rule", "Fingerprint", "Reason"):
        if not isinstance(texts[key], str) or not str(texts[key]).strip():
            return _unseen(entry.at, f"this ignore lacks its {key}")
    written = entry.get("Fingerprint")
    if isinstance(written, Scalar) and not isinstance(written.value, str):
        return _unseen(entry.at, "the Fingerprint of this ignore is a number: put it in quotes")
    until = texts["Until"]
    if isinstance(until, Unknown):
        return _unseen(entry.at, "the Until of this ignore cannot be known")
    return _ignore(
        str(texts["Rule"]), str(texts["Fingerprint"]), str(texts["Reason"]), until, entry.at
    )


def _unseen(at: Location, why: str) -> Unseen:
    return Unseen(at=at, kind="ignore", why=why)
