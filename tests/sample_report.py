"""Applications and reports made by hand, for tests of what is done with them."""

# ruff: noqa: ANN401 - tests change whichever field they are about

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stockade.model import (
    Application,
    Authorizer,
    AuthorizerKind,
    Confidence,
    EventSource,
    EventSourceType,
    Exposure,
    Finding,
    Function,
    Handler,
    Location,
    Map,
    Match,
    Report,
    ResourceId,
    Route,
    RuleInfo,
    Severity,
    SourceFile,
    Stack,
    Step,
    Unknown,
    Value,
)

TEMPLATE = """\
Resources:
  Extract:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Events:
        Mail:
          Type: S3
"""

CODE = """\
import os


def handler(event, context):
    name = event["Records"][0]["s3"]["object"]["key"]
    os.system("pdftotext /tmp/" + name)
"""

HERE = Location("template.yaml", 2, 3, 2, 10)
MAIL = Location("template.yaml", 7, 9, 7, 13)
READ = Location("app.py", 5, 12, 5, 54)
RUN = Location("app.py", 6, 5, 6, 40)

SHELL = RuleInfo(
    id="event-in-shell",
    title="event data is run by a shell",
    harm=Severity.CRITICAL,
    practice="C1",
    cwe=(78,),
)
PATH = RuleInfo(
    id="event-in-path",
    title="event data chooses a path",
    harm=Severity.HIGH,
    practice="C4",
    cwe=(22, 73),
)


@dataclass
class Files:
    """Files in memory. Implements `stockade.model.Sources`."""

    texts: Mapping[str, str]
    reads: list[str] = field(default_factory=list)

    def read(self, path: str) -> SourceFile | Unknown:
        """Return the file's text."""
        self.reads.append(path)
        if path in self.texts:
            return SourceFile(path, self.texts[path])
        return Unknown("there is no such file", Location(path, 1))

    def is_file(self, path: str) -> bool:
        """Tell whether there is such a file."""
        return path in self.texts

    def is_folder(self, path: str) -> bool:
        """Tell whether there is such a folder."""
        return any(name.startswith(f"{path}/") for name in self.texts)

    def files_below(self, folder: str) -> Sequence[str]:
        """List every file below `folder`."""
        top = "" if folder in ("", ".") else f"{folder}/"
        return sorted(name for name in self.texts if name.startswith(top))

    def worked_out(self, path: str, work: Callable[[SourceFile], Any]) -> Any:
        """Work it out of the file."""
        file = self.read(path)
        return file if isinstance(file, Unknown) else work(file)

    def afresh(self) -> "Files":
        """Return the same: nobody asks again."""
        return self

    def document(self, path: str) -> Unknown:
        """Tell that there are no documents."""
        return Unknown("it is not read", Location(path, 1))

    def is_vendored(self, path: str) -> bool:
        """Tell that nothing is vendored."""
        del path
        return False


def application(
    texts: Mapping[str, str] | None = None, name: str = "template.yaml", **changes: Any
) -> Application:
    """Return the CV mailbox in a few lines."""
    files = Files({"template.yaml": TEMPLATE, "app.py": CODE} if texts is None else texts)
    function = Function(
        id="Extract",
        at=HERE,
        runtime="python3.13",
        handler=Handler(file=SourceFile("app.py", CODE), symbol="handler", language="python"),
        roots=("",),
        environment={},
        role="ExtractRole",
    )
    functions: dict[ResourceId, Function] = {"Extract": function}
    made: dict[str, Any] = {
        "name": name,
        "stacks": (
            Stack(name="", template=name, parameters={}, outputs={}, metadata=None, at=HERE),
        ),
        "resources": {},
        "functions": functions,
        "roles": {},
        "event_sources": (
            EventSource(id="Mail", type=EventSourceType.S3, function="Extract", at=MAIL),
            EventSource(
                id="Web",
                type=EventSourceType.HTTP_API,
                function="Extract",
                at=MAIL,
                route=Route(
                    api=None,
                    method="GET",
                    path="/cv/{id}",
                    authorizer=Authorizer(kind=AuthorizerKind.NONE, at=MAIL),
                    api_key_required=False,
                    at=MAIL,
                ),
            ),
        ),
        "sources": files,
        "unseen": (),
    }
    return Application(**{**made, **changes})


def match(**changes: Any) -> Match:
    """Return the match of the shell command."""
    made: dict[str, Any] = {
        "at": RUN,
        "message": "anyone can run commands in Extract",
        "because": (
            Step(MAIL, "anyone can send mail that is stored here"),
            Step(READ, "the name of the attachment is read"),
            Step(RUN, "and a shell runs it"),
        ),
        "confidence": Confidence.HIGH,
        "exposure": Exposure.ANYONE,
        "identity": ("Extract", "key", "os.system"),
        "resource": "Extract",
        "help": 'run a list without a shell: subprocess.run(["pdftotext", path], check=True)',
    }
    return Match(**{**made, **changes})


def finding(
    rule: RuleInfo = SHELL,
    severity: Severity = Severity.CRITICAL,
    fingerprint: str = "3f2a91c0aaaabbbb",
    also: tuple[Match, ...] = (),
    app: str = "template.yaml",
    **changes: Any,
) -> Finding:
    """Return the finding of the shell command, changed as asked."""
    return Finding(
        rule=rule,
        match=match(**changes),
        severity=severity,
        application=app,
        fingerprint=fingerprint,
        also=also,
    )


def report(*findings: Finding, **changes: Any) -> Report:
    """Return a report of the CV mailbox with these findings."""
    made: dict[str, Any] = {
        "root": ".",
        "applications": (application(),),
        "rules": (SHELL, PATH),
        "findings": findings,
        "unseen": (),
    }
    return Report(**{**made, **changes})


def map_of(entries: Mapping[str, Value], at: Location = HERE) -> Map:
    """Return a map of values whose keys all stand at one place."""
    return Map(entries, at, dict.fromkeys(entries, at))
