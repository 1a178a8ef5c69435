"""The settings of a Chalice application: `.chalice/config.json`, and the policy files beside it.

Follows "Configuration File" of the Chalice documentation: a stage's setting wins over one for all
stages, one of a function in a stage wins over both.
"""

import posixpath
from collections.abc import Mapping

from stockade.load.building import entry, text
from stockade.load.document import parse
from stockade.load.parameters import ParameterOptions
from stockade.load.sources import Folder
from stockade.model import Location, Map, SourceFile, Unknown, Unseen, Value, constant
from stockade.model.record import record

CONFIG = ".chalice/config.json"
_DEFAULT_STAGE = "dev"


@record(kw_only=True)
class Config:
    """The settings of one stage. `scopes` are the maps that hold them, the nearest first."""

    stage: str
    scopes: tuple[Map, ...]
    environment: Mapping[str, Value]
    policy: Value | None
    """The role's policy; Unknown where Chalice writes it when it deploys, None for a role of
    another's making."""
    at: Location

    def setting(self, name: str, function: str = "") -> Value | None:
        """Return a setting, of a function where it has one of its own."""
        for scope in self.scopes:
            own = entry(entry(scope, "lambda_functions"), function)
            for place in (own, scope):
                if (found := entry(place, name)) is not None:
                    return found
        return None


def read_config(
    sources: Folder, folder: str, options: ParameterOptions, unseen: list[Unseen]
) -> Config:
    """Read the settings of an application in `folder`; what cannot be read is told."""
    path = posixpath.join(folder, CONFIG)
    root = _document(sources, path, unseen)
    stages = entry(root, "stages")
    names = [name for name, _ in stages] if isinstance(stages, Map) else []
    wanted = options.given.get("stage", _DEFAULT_STAGE)
    stage = wanted if wanted in names or not names else names[0]
    scopes = [one for one in (entry(stages, stage), root) if isinstance(one, Map)]
    environment: dict[str, Value] = {}
    for scope in reversed(scopes):
        variables = entry(scope, "environment_variables")
        environment.update(variables.entries if isinstance(variables, Map) else {})
    config = Config(
        stage=stage,
        scopes=tuple(scopes),
        environment=environment,
        policy=None,
        at=Location(path, 1),
    )
    return Config(
        stage=stage,
        scopes=config.scopes,
        environment=environment,
        policy=_policy(sources, folder, config, unseen),
        at=config.at,
    )


def _policy(sources: Folder, folder: str, config: Config, unseen: list[Unseen]) -> Value | None:
    """Return the policy of the role that Chalice makes; None if it makes none."""
    if constant(config.setting("manage_iam_role")) in {False, "false"}:
        return None
    if constant(config.setting("autogen_policy")) not in {False, "false"}:
        why = "Chalice writes its policy when it deploys, from the calls that it finds"
        return Unknown(why, config.at)
    named = text(config.setting("iam_policy_file")) or f"policy-{config.stage}.json"
    path = posixpath.join(folder, ".chalice", named)
    return _document(sources, path, unseen) or Unknown(f"there is no {path}", config.at)


def _document(sources: Folder, path: str, unseen: list[Unseen]) -> Map | None:
    file = sources.read(path)
    if not isinstance(file, SourceFile):
        unseen.append(Unseen(Location(path, 1), "template", file.why))
        return None
    document = parse(file)
    if isinstance(document, Unseen):
        unseen.append(document)
        return None
    return document.root if isinstance(document.root, Map) else None
