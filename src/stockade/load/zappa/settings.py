"""The settings of one stage of a Zappa project, from `zappa_settings.json`, `.yaml` or `.toml`."""

import posixpath
import re
from collections.abc import Mapping

from stockade._late import pattern
from stockade.load.building import entry, text, write
from stockade.load.document import parse
from stockade.load.parameters import ParameterOptions
from stockade.load.parsed import Document, DocumentError
from stockade.load.sources import Folder
from stockade.model import Location, Map, SourceFile, Unknown, Unseen, Value
from stockade.model.record import record

_DEFAULT_STAGE = "dev"
_MOST_EXTENDED = 20


@record(kw_only=True)
class Settings:
    """The settings of one stage. `scopes` are the stage's own map and those that it extends.

    `documents` are the policies that settings name by their files, by the setting's name.
    """

    path: str
    stage: str
    scopes: tuple[Map, ...]
    documents: Mapping[str, Value]
    at: Location

    def get(self, name: str) -> Value | None:
        """Return a setting: the stage's own, else that of the nearest stage it extends."""
        return next((found for one in self.scopes if (found := entry(one, name))), None)


def read_settings(
    sources: Folder, path: str, options: ParameterOptions, unseen: list[Unseen]
) -> Settings | None:
    """Read a settings file; None, with the reason in `unseen`, if there is no stage in it."""
    root = _root(sources, path, unseen)
    if root is None:
        return None
    stages = {name: one for name, one in root if isinstance(one, Map)}
    wanted = options.given.get("stage", _DEFAULT_STAGE)
    stage = wanted if wanted in stages else next(iter(stages), "")
    if not stage:
        unseen.append(Unseen(Location(path, 1), "template", "it has no stage that can be read"))
        return None
    scopes = _scopes(stage, stages)
    settings = Settings(path=path, stage=stage, scopes=scopes, documents={}, at=root.key_at(stage))
    folder = posixpath.dirname(path)
    documents = {
        name: _document(sources, posixpath.join(folder, file), at=named.at, unseen=unseen)
        for name in ("attach_policy", "assume_policy", "apigateway_policy")
        if (named := settings.get(name)) is not None and (file := text(named)) is not None
    }
    return Settings(path=path, stage=stage, scopes=scopes, documents=documents, at=settings.at)


def _scopes(stage: str, stages: Mapping[str, Map]) -> tuple[Map, ...]:
    """Return a stage's map and those that it extends, the nearest first."""
    found: dict[str, Map] = {}
    name = stage
    while name in stages and name not in found and len(found) < _MOST_EXTENDED:
        found[name] = stages[name]
        name = text(entry(stages[name], "extends")) or ""
    return tuple(found.values())


def _root(sources: Folder, path: str, unseen: list[Unseen]) -> Map | None:
    file = sources.read(path)
    if not isinstance(file, SourceFile):
        unseen.append(Unseen(Location(path, 1), "template", file.why))
        return None
    if path.endswith(".toml"):
        return _toml(file, unseen)
    document = parse(file)
    if isinstance(document, Unseen) and path.endswith(".json"):
        document = _relaxed(file, document)
    if isinstance(document, Unseen):
        unseen.append(document)
        return None
    if not isinstance(document.root, Map):
        unseen.append(Unseen(Location(path, 1), "template", "it holds no stages"))
        return None
    return document.root


_TEXT_OR_COMMENT = pattern(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|\t', re.DOTALL)


def _relaxed(file: SourceFile, wrong: Unseen) -> Document | Unseen:
    """Read what Zappa takes for JSON beyond it: Hjson's comments, and commas before brackets.

    YAML allows the commas; comments become blanks of the same length, so that places stay.
    """

    def blank(found: re.Match[str]) -> str:
        text = found[0]
        return text if text.startswith('"') else re.sub(r"[^\n]", " ", text)

    from stockade.load.yaml_document import parse_yaml  # noqa: PLC0415 - costs 25 ms to import

    try:
        return parse_yaml(SourceFile(file.path, _TEXT_OR_COMMENT.sub(blank, file.text)))
    except DocumentError:
        return wrong


def _toml(file: SourceFile, unseen: list[Unseen]) -> Map | None:
    """Read TOML, whose parser tells no places: all of it stands at the file's first line."""
    import tomllib  # noqa: PLC0415 - hardly any project has such a file

    try:
        plain = tomllib.loads(file.text.replace("\r\n", "\n"))
        root = write(plain, Location(file.path, 1))
    except (tomllib.TOMLDecodeError, RecursionError):
        unseen.append(Unseen(Location(file.path, 1), "template", "it is not valid TOML"))
        return None
    return root if isinstance(root, Map) else None


def _document(sources: Folder, path: str, *, at: Location, unseen: list[Unseen]) -> Value:
    """Return a policy that a setting names by its file."""
    found = sources.document(posixpath.normpath(path))
    if isinstance(found, Unknown):
        unseen.append(Unseen(at, "template", f"{path}: {found.why}"))
    return found
