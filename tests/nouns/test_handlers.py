"""Handlers: the file and symbol behind each function."""

from pathlib import Path

import pytest
from folders import write
from loaded import application

from stockade.load import load
from stockade.model import Function, Handler, Unknown

_SAM = "Transform: AWS::Serverless-2016-10-31\n"
_CODE = "def handler(event, context):\n    pass\n"


def _function(folder: Path, properties: str, files: dict[str, str], extra: str = "") -> Function:
    lines = "\n".join("      " + line for line in properties.strip().splitlines())
    template = (
        f"{_SAM}Resources:\n  F:\n    Type: AWS::Serverless::Function\n{extra}"
        f"    Properties:\n{lines}\n"
    )
    return application(folder, template, files).functions["F"]


@pytest.mark.parametrize(
    ("properties", "file"),
    [
        ("Handler: app.handler\nCodeUri: src/", "src/app.py"),
        ("Handler: app.handler\nCodeUri: ./src", "src/app.py"),
        ("Handler: pkg.mod.handler\nCodeUri: src", "src/pkg/mod.py"),
        ("Handler: pkg/mod.handler\nCodeUri: src", "src/pkg/mod.py"),
        ("Handler: pkg.handler\nCodeUri: src", "src/pkg/__init__.py"),
        ("Handler: src/app.handler", "src/app.py"),
        ("Handler: app.handler\nCodeUri: .", "app.py"),
        ("Handler: app.handler", "app.py"),
        ("Handler: only_here.handler\nCodeUri: src", "src/deep/only_here.py"),
    ],
)
def test_python_handlers_are_found_as_lambda_finds_them(
    tmp_path: Path, properties: str, file: str
) -> None:
    """Dots and slashes part packages; code starts at CodeUri, else at the template's folder."""
    names = (
        "app.py",
        "src/app.py",
        "src/pkg/__init__.py",
        "src/pkg/mod.py",
        "src/deep/only_here.py",
    )
    function = _function(
        tmp_path, f"Runtime: python3.13\n{properties}", dict.fromkeys(names, _CODE)
    )

    assert isinstance(function.handler, Handler)
    assert function.handler.file.path == file
    assert function.handler.symbol == "handler"
    assert function.handler.language == "python"


@pytest.mark.parametrize(
    ("handler", "extra", "file", "symbol"),
    [
        ("index.handler", "", "src/index.mjs", "handler"),
        ("lib/api.routes.get", "", "src/lib/api.js", "routes.get"),
        ("typed.handler", "", "src/typed.ts", "handler"),
        ("dist/compiled.handler", "", "src/src/compiled.ts", "handler"),
        (
            "bundle.handler",
            "    Metadata: {BuildProperties: {EntryPoints: [entry/bundle.ts]}}\n",
            "src/entry/bundle.ts",
            "handler",
        ),
    ],
)
def test_javascript_handlers_are_located(
    tmp_path: Path, handler: str, extra: str, file: str, symbol: str
) -> None:
    """The name is split at the first dot; a bundler's entry points name the source."""
    names = (
        "src/index.mjs",
        "src/lib/api.js",
        "src/typed.ts",
        "src/src/compiled.ts",
        "src/entry/bundle.ts",
    )
    function = _function(
        tmp_path,
        f"Runtime: nodejs22.x\nCodeUri: src\nHandler: {handler}",
        dict.fromkeys(names, "exports.handler = () => 1;\n"),
        extra,
    )

    assert isinstance(function.handler, Handler)
    assert function.handler.file.path == file
    assert function.handler.symbol == symbol
    assert function.handler.language == "javascript"


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ("Runtime: java21\nHandler: app.handler", "the runtime java21 is not analysed"),
        ("Runtime: python3.13\nHandler: app.handler\nCodeUri: x.zip", "archive x.zip"),
        ("Runtime: python3.13\nHandler: app.handler\nCodeUri: s3://b/k", "archive in S3"),
        ("Runtime: python3.13\nHandler: app.handler\nCodeUri: nowhere", "no folder nowhere"),
        ("Runtime: python3.13\nHandler: gone.handler\nCodeUri: src", "gone.handler"),
        ("Runtime: python3.13\nHandler: bootstrap\nCodeUri: src", "names no function"),
        ("Runtime: python3.13\nHandler: app.handler\nCodeUri: ../up", "outside"),
        ("Runtime: python3.13\nHandler: app.handler\nCodeUri: /etc", "outside"),
        ("Runtime: python3.13\nHandler: ../../up.handler\nCodeUri: src", "../../up.handler"),
    ],
)
def test_what_cannot_be_read_is_unknown_with_its_reason(
    tmp_path: Path, properties: str, why: str
) -> None:
    """Other languages, archives, missing files and code outside the folder are told."""
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "app.py").write_text(_CODE)
    code = {"src/app.py": _CODE, "other/app.py": _CODE, "x.zip": "PK"}
    function = _function(tmp_path / "in", properties, code)

    assert isinstance(function.handler, Unknown)
    assert why in function.handler.why


@pytest.mark.parametrize(
    ("code", "files", "found"),
    [
        ("CodeUri: build/orders.zip", ["src/orders/app.py", "src/bills/app.py"], "src/orders"),
        (
            "CodeUri: s3://b/orders_list.zip",
            ["orders/functions/list/app.py", "a/app.py"],
            "orders/functions/list",
        ),
        ("CodeUri: x.zip", ["src/app.py"], "src"),
        ("CodeUri: x.zip", ["src/app.py", "src/x/app.py", "old/x/app.py"], None),
        (
            "CodeUri: {Bucket: b, Key: k/orders-new.zip}",
            ["orders/new/app.py", "orders/old/app.py"],
            "orders/new",
        ),
        (
            "CodeUri: {Bucket: b, Key: !Sub '${AWS::Region}/v1/orders-new.zip'}",
            ["orders/new/app.py", "orders/old/app.py"],
            "orders/new",
        ),
        (
            "CodeUri: {Bucket: b, Key: !Join [/, [!Ref AWS::Region, orders-new.zip]]}",
            ["orders/new/app.py", "orders/old/app.py"],
            "orders/new",
        ),
        (
            "CodeUri: {Bucket: b, Key: !Sub 'orders/${AWS::Region}new.zip'}",
            ["orders/new/app.py", "orders/old/app.py"],
            None,
        ),
        (
            "CodeUri: s3://b/shop-orders-service.zip",
            ["services/orders/app.py", "services/bills/app.py"],
            "services/orders",
        ),
        ("CodeUri: s3://b/shop-orders.zip", ["a/shop/app.py", "a/orders/app.py"], None),
        ("CodeUri: orders/lambda.zip", ["orders/app.py", "bills/app.py"], "orders"),
        ("CodeUri: {Bucket: b, Key: 0f3a}", ["src/app.py"], "src"),
        ("CodeUri: {Bucket: b, Key: 0f3a}", ["src/app.py", "b/app.py"], None),
        ("CodeUri: x.zip", ["src/my_app.py"], None),
    ],
)
def test_an_archive_is_read_where_it_was_packed_from(
    tmp_path: Path, code: str, files: list[str], found: str | None
) -> None:
    """The folder with the archive's name, else the only one with a file of the handler's name."""
    properties = f"Runtime: python3.13\nHandler: app.handler\n{code}"
    function = _function(tmp_path, properties, dict.fromkeys(files, _CODE))

    if found is None:
        assert isinstance(function.handler, Unknown)
        assert "archive" in function.handler.why
    else:
        assert isinstance(function.handler, Handler)
        assert function.handler.file.path == f"{found}/app.py"
        assert function.roots[0] == found


def test_an_archive_may_have_been_packed_beside_the_templates(tmp_path: Path) -> None:
    """`deployment/cfn/t.yaml` and `lambdas/orders` stand side by side."""
    template = (
        f"{_SAM}Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n"
        "      Runtime: python3.13\n      Handler: app.handler\n      Role: x\n"
        "      Code: {S3Bucket: b, S3Key: orders.zip}\n"
    )
    files = {
        "deployment/cfn/t.yaml": template,
        "lambdas/orders/app.py": _CODE,
        "lambdas/x/app.py": _CODE,
    }
    write(tmp_path, files)

    function = load(tmp_path).applications[0].functions["F"]
    assert isinstance(function.handler, Handler)
    assert function.handler.file.path == "lambdas/orders/app.py"


def test_a_folder_whose_name_is_part_of_the_archives_has_the_handler_in_it(tmp_path: Path) -> None:
    """A file of the right name that does not speak of the handler is another one."""
    properties = "Runtime: python3.13\nHandler: app.handler\nCodeUri: s3://b/shop-orders.zip"
    files = {"lib/orders/app.py": "def index(): ...\n", "other/app.py": _CODE}

    assert isinstance(_function(tmp_path, properties, files).handler, Unknown)


def test_a_folder_of_too_many_files_hides_no_nearer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a large application, the archive of a small one is still where it was packed."""
    monkeypatch.setattr("stockade.load.handlers.archives._MOST_FILES", 4)
    template = (
        f"{_SAM}Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n"
        "      Runtime: python3.13\n      Handler: app.handler\n      Role: x\n"
        "      Code: ../orders/lambda.zip\n"
    )
    files = {"small/cfn/t.yaml": template, "small/orders/app.py": _CODE, "small/x/app.py": _CODE}
    write(tmp_path, files | {f"large/{number}.py": _CODE for number in range(9)})

    function = load(tmp_path).applications[0].functions["F"]
    assert isinstance(function.handler, Handler)
    assert function.handler.file.path == "small/orders/app.py"


def test_a_runtime_given_at_deployment_is_told_by_the_file(tmp_path: Path) -> None:
    """Whichever language has a file of the handler's name is the function's."""
    template = (
        f"{_SAM}Parameters: {{Runtime: {{Type: String}}}}\nResources:\n  F:\n"
        "    Type: AWS::Serverless::Function\n    Properties:\n"
        "      Runtime: !Ref Runtime\n      Handler: app.handler\n      CodeUri: src\n"
    )
    app = application(tmp_path, template, {"src/app.mjs": "export const handler = 1;\n"})

    handler = app.functions["F"].handler
    assert isinstance(handler, Handler)
    assert handler.language == "javascript"


def test_code_may_lie_above_the_template_within_the_folder(tmp_path: Path) -> None:
    """`../src` is followed as long as it stays inside what is scanned."""
    template = (
        f"{_SAM}Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        "      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: ../src\n"
    )
    app = application(tmp_path, "{}", {"infra/template.yaml": template, "src/app.py": _CODE})

    handler = app.functions["F"].handler
    assert isinstance(handler, Handler)
    assert handler.file.path == "src/app.py"


@pytest.mark.parametrize("sub", ["|", "!Sub |"])
def test_a_line_of_inline_code_is_a_line_of_the_template(tmp_path: Path, sub: str) -> None:
    """Code in a block keeps its line and column, also where values are put in."""
    template = (
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n"
        "      Runtime: python3.13\n      Handler: index.handler\n      Code:\n"
        f"        ZipFile: {sub}\n"
        "\n"
        "          import os\n"
        "          REGION = '${AWS::Region}'\n"
        "          def handler(event, context):\n"
        "              os.system(event['x'])\n"
    )
    handler = application(tmp_path, template).functions["F"].handler

    assert isinstance(handler, Handler)
    line = next(
        number
        for number, text in enumerate(handler.file.text.split("\n"), 1)
        if "os.system" in text
    )
    at = handler.file.at(line, 5, line, 27)
    assert (at.path, at.line, at.column) == ("template.yaml", 13, 15)
    assert handler.symbol == "handler"


def test_a_layer_adds_its_python_folder(tmp_path: Path) -> None:
    """Imports are looked up in the code first, then where a layer puts its modules."""
    template = f"""{_SAM}
Resources:
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: {{ContentUri: layers/shared}}
  Built:
    Type: AWS::Serverless::LayerVersion
    Metadata: {{BuildMethod: python3.13}}
    Properties: {{ContentUri: layers/built}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Layers: [!Ref Shared, !Ref Built]
"""
    app = application(
        tmp_path,
        template,
        {
            "src/app.py": _CODE,
            "layers/shared/python/shared.py": _CODE,
            "layers/built/built.py": _CODE,
        },
    )

    assert app.functions["F"].roots == ("src", "layers/shared/python", "layers/built")


def test_the_handler_of_an_image_is_in_its_dockerfile(tmp_path: Path) -> None:
    """CMD names the handler; COPY tells where its file comes from."""
    template = f"""{_SAM}
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: {{Dockerfile: Dockerfile, DockerContext: ./image}}
    Properties: {{PackageType: Image}}
"""
    docker = """\
FROM public.ecr.aws/lambda/python:3.12
COPY code/ ${LAMBDA_TASK_ROOT}/
CMD ["main.run"]
"""
    app = application(
        tmp_path, template, {"image/Dockerfile": docker, "image/code/main.py": _CODE}
    )

    function = app.functions["F"]
    assert isinstance(function.handler, Handler)
    assert function.handler.file.path == "image/code/main.py"
    assert function.handler.symbol == "run"
    assert function.runtime == "python3.12"


def test_a_vendors_wrapper_passes_on_to_the_applications_handler(tmp_path: Path) -> None:
    """The handler of a monitoring layer calls the one that its variable names."""
    function = _function(
        tmp_path,
        "Runtime: python3.13\nCodeUri: src\nHandler: datadog_lambda.handler.handler\n"
        "Environment: {Variables: {DD_LAMBDA_HANDLER: app.handler}}",
        {"src/app.py": _CODE},
    )

    assert isinstance(function.handler, Handler)
    assert function.handler.file.path == "src/app.py"


def test_a_link_that_leaves_the_folder_is_not_followed(tmp_path: Path) -> None:
    """Code that is reached through a link to the outside is unknown."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "app.py").write_text(_CODE)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "src").symlink_to(tmp_path / "outside")
    function = _function(inside, "Runtime: python3.13\nHandler: app.handler\nCodeUri: src", {})

    assert isinstance(function.handler, Unknown)
