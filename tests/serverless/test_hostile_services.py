"""Services that want to hang, to break out, or to exhaust the memory."""

import time
from pathlib import Path

import pytest
from serverless_services import loaded, missed

from stockade.model import Unknown

HEAD = "service: x\nprovider: {name: aws, runtime: nodejs22.x}\n"


def doubled(levels: int, text: str) -> str:
    """Return variables of which each holds the next twice."""
    lines = [f"  v{n}: {text.format(n=n + 1)}" for n in range(levels)]
    return "custom:\n" + "\n".join(lines) + f"\n  v{levels}: x\n"


@pytest.mark.parametrize(
    "custom",
    [
        doubled(40, '"${{self:custom.v{n}}}${{self:custom.v{n}}}"'),
        doubled(40, '["${{self:custom.v{n}}}", "${{self:custom.v{n}}}"]'),
        doubled(400, '"${{self:custom.v{n}}}"'),
        "custom:\n  v0: ${self:}\n",
        "custom: ${self:custom}\n",
        "custom:\n  v0: " + "${self:" * 300 + "}" * 300 + "\n",
        "custom:\n  v0: '" + "${" * 20_000 + "'\n",
        "custom:\n  v0: '" + "${self:custom.v0, " * 2_000 + "'\n",
    ],
    ids=["texts", "lists", "chain", "whole", "itself", "nested", "open", "sources"],
)
def test_variables_that_multiply_or_circle_are_bounded(tmp_path: Path, custom: str) -> None:
    """A bomb of variables costs no more than a few seconds, and the rest is still read."""
    text = (
        HEAD + custom + "functions: {one: {handler: a.b, environment: {V: '${self:custom.v0}'}}}\n"
    )
    start = time.perf_counter()

    (application,), _ = loaded(tmp_path, {"serverless.yml": text})

    assert time.perf_counter() - start < 20
    assert "one" in application.functions


def test_variables_in_the_stage_itself_end(tmp_path: Path) -> None:
    """The stage may not hang on itself."""
    text = "service: x\nprovider: {name: aws, stage: '${self:provider.stage}-${param:stage}'}\n"

    (application,), _ = loaded(
        tmp_path, {"serverless.yml": text + "params: {dev: {stage: '${sls:stage}'}}"}
    )

    assert application.name == "serverless.yml"


def test_ten_thousand_functions_are_bounded(tmp_path: Path) -> None:
    """No template may hold so many, and what lies beyond the limit is told."""
    functions = "\n".join(
        f"  f{n}: {{handler: a.b, events: [http: GET /{n}]}}" for n in range(10_000)
    )
    start = time.perf_counter()

    (application,), unseen = loaded(
        tmp_path, {"serverless.yml": f"{HEAD}functions:\n{functions}\n"}
    )

    assert time.perf_counter() - start < 60
    assert len(application.functions) <= 1_000
    assert any("more than 1,000 functions" in one.why for one in unseen)


@pytest.mark.parametrize(
    "path", ["../outside.yml", "/etc/hostname", "link.yml", "a/../../outside.yml", "~/x.yml"]
)
def test_no_file_outside_is_read(tmp_path: Path, path: str) -> None:
    """Neither by a path nor by a link."""
    (tmp_path / "outside.yml").write_text("secret: taken\n")
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "link.yml").symlink_to(tmp_path / "outside.yml")
    text = (
        HEAD + f"functions: {{one: {{handler: a.b, environment: {{V: '${{file({path})}}'}}}}}}\n"
    )

    (application,), _ = loaded(folder, {"serverless.yml": text})

    environment = application.functions["one"].environment
    assert not isinstance(environment, Unknown)
    assert "taken" not in str(environment.get("V"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "service: x\n",
        "service: x\nprovider: aws\nfunctions: []\n",
        "service: x\nprovider: []\nfunctions: {a: 1, b: null, c: []}\n",
        "service: [x]\nprovider: {name: aws}\nfunctions: {a: {handler: {}}}\n",
        HEAD + "functions: {a: {handler: x.y, events: [1, [], {}, http, {http: 3}, {odd: 1}]}}\n",
        HEAD + "functions: {a: {events: [{http: {path: [], method: {}}}, {s3: {bucket: []}}]}}\n",
        HEAD + "functions: {a: {events: [{sns: []}, {sqs: []}, {stream: []}, {schedule: []}]}}\n",
        HEAD + "functions: {a: {events: [{alb: 1}, {cloudFront: 1}, {iot: 1}, {kafka: 1}]}}\n",
        HEAD + "functions: {a: {events: [{msk: 1}, {activemq: []}, {cognitoUserPool: x}]}}\n",
        HEAD + "functions: {a: {events: [{websocket: []}, {httpApi: []}, {eventBridge: 1}]}}\n",
        HEAD + "functions: {a: {url: [], destinations: 1, image: {}, layers: x, vpc: []}}\n",
        HEAD + "resources: [1, [2], {Resources: 3}, {Resources: {A: 1}, Outputs: []}]\n",
        HEAD + "resources: {extensions: {A: 1, B: {Properties: 2}}}\nlayers: [1]\n",
        HEAD
        + "stepFunctions: {stateMachines: {a: 1, b: {definition: x, events: [1, {http: 2}]}}}\n",
        HEAD + "custom: {appSync: [{dataSources: 1, resolvers: [1, {type: [], field: {}}]}]}\n",
        HEAD + "appSync: {dataSources: {a: 1}, resolvers: {'': 1}, authentication: []}\n",
        HEAD + "plugins: {modules: 3}\npackage: []\nparams: []\nstages: 1\n",
        "a: &a [*a]\n",
    ],
)
def test_odd_shapes_never_make_the_reader_fail(tmp_path: Path, text: str) -> None:
    """Whatever stands where, the scan ends well."""
    missed(tmp_path, {"serverless.yml": text})
    loaded(tmp_path, {"serverless.yml": text})


@pytest.mark.parametrize(
    "text",
    ["", "services: 1\n", "services: {a: 1, b: {path: ../..}, c: {path: c, params: 1}}\n"],
)
def test_odd_compositions_never_make_the_reader_fail(tmp_path: Path, text: str) -> None:
    """The same for several services."""
    files = {"serverless-compose.yml": text, "c/serverless.yml": HEAD}

    loaded(tmp_path, files)
