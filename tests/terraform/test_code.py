"""Where the code of functions is found: what the configuration packs, and what it does not."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from terraform_loading import loaded

from stockade.model import Handler

PYTHON = "def handler(event, context):\n    return 1\n"
FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  handler       = "app.handler"
  runtime       = "python3.13"
  role          = "r"
  %s
}
"""
ARCHIVE = """
data "archive_file" "code" {
  type        = "zip"
  output_path = "${path.module}/build/code.zip"
  %s
}
"""
OBJECT = """
resource "aws_s3_object" "code" {
  bucket = "b"
  key    = "code.zip"
  source = data.archive_file.code.output_path
}
"""
PACKED = "filename = data.archive_file.code.output_path"

CASES: Mapping[str, tuple[str, dict[str, str], str]] = {
    "a folder that is packed": (
        ARCHIVE % 'source_dir = "${path.module}/src"' + FUNCTION % PACKED,
        {"src/app.py": PYTHON},
        "src/app.py",
    ),
    "a file that is packed": (
        ARCHIVE % 'source_file = "src/app.py"' + FUNCTION % PACKED,
        {"src/app.py": PYTHON},
        "src/app.py",
    ),
    "a file that is packed under another name, beside one of that name": (
        ARCHIVE
        % """source {
    content  = file("${path.module}/orders_code.py")
    filename = "app.py"
  }"""
        + FUNCTION % PACKED,
        {"orders_code.py": PYTHON, "app.py": PYTHON},
        "orders_code.py",
    ),
    "that of several files which has the handler's name": (
        ARCHIVE
        % """source {
    content  = file("${path.module}/settings.py")
    filename = "settings.py"
  }
  source {
    content  = file("${path.module}/orders.py")
    filename = "app.py"
  }"""
        + FUNCTION % PACKED,
        {"orders.py": PYTHON, "settings.py": "NAME = 1"},
        "orders.py",
    ),
    "the archive named by its path": (
        ARCHIVE % 'source_dir = "src"' + FUNCTION % 'filename = "build/code.zip"',
        {"src/app.py": PYTHON},
        "src/app.py",
    ),
    "an object in S3 that is uploaded": (
        ARCHIVE % 'source_dir = "src"'
        + OBJECT
        + FUNCTION % 's3_bucket = "b"\n  s3_key = aws_s3_object.code.key',
        {"src/app.py": PYTHON},
        "src/app.py",
    ),
    "an object in S3 named by its key": (
        ARCHIVE % 'source_dir = "src"'
        + OBJECT
        + FUNCTION % 's3_bucket = "b"\n  s3_key = "code.zip"',
        {"src/app.py": PYTHON},
        "src/app.py",
    ),
    "a folder of the archive's name": (
        FUNCTION % 'filename = "orders.zip"',
        {"orders/app.py": PYTHON, "other/app.py": PYTHON},
        "orders/app.py",
    ),
    "the one file of the handler's name": (
        FUNCTION % 'filename = "/tmp/build/orders.zip"',
        {"anywhere/app.py": PYTHON},
        "anywhere/app.py",
    ),
    "text that is packed": (
        ARCHIVE
        % f'source {{\n    filename = "app.py"\n    content  = "{PYTHON[:-1]!s}"\n  }}'.replace(
            "\n    return", "\\n    return"
        )
        + FUNCTION % PACKED,
        {},
        "main.tf",
    ),
    "a file's text that is packed": (
        ARCHIVE % 'source {\n    filename = "app.py"\n    content = file("src/app.py")\n  }'
        + FUNCTION % PACKED,
        {"src/app.py": PYTHON},
        "src/app.py",
    ),
    "a package that a bundler builds": (
        (FUNCTION % 'filename = "../functions/orders/orders.zip"')
        .replace("python3.13", "nodejs22.x")
        .replace("app.handler", "index.handler"),
        {
            "../functions/orders/package.json": '{"scripts": {"build": "ncc build src/main.ts"}}',
            "../functions/orders/src/main.ts": "export const handler = async () => 1\n",
            "../functions/orders/src/index.ts": "export const other = 1\n",
        },
        "functions/orders/src/main.ts",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_code_is_found(case: str, tmp_path: Path) -> None:
    """The handler is in the author's own file, whatever packs and uploads it."""
    configuration, files, expected = CASES[case]
    below = {
        f"infra/{name}" if not name.startswith("../") else name[3:]: text
        for name, text in files.items()
    }

    application, _ = loaded(tmp_path, {"infra/main.tf": configuration, **below})

    (function,) = application.functions.values()
    assert isinstance(function.handler, Handler), function.handler
    wanted = expected if expected.startswith("functions/") else f"infra/{expected}"
    assert function.handler.file.path == wanted


def test_a_module_that_packs_with_a_program_of_its_own_is_given_the_folder(
    tmp_path: Path,
) -> None:
    """What the call names is the code, if the handler's file is there; one of several is told."""
    module = (
        """
variable "source_path" { type = any }
data "external" "packed" { program = ["python", "package.py"] }
"""
        + FUNCTION % "filename = data.external.packed.result.filename"
    )
    calls = """
module "orders" {
  source      = "../lambda"
  source_path = [{ path = "${path.module}/../orders" }]
}
module "bills" {
  source      = "../lambda"
  source_path = "../bills"
}
"""
    application, _ = loaded(
        tmp_path,
        {
            "infra/main.tf": calls,
            "lambda/main.tf": module,
            "orders/app.py": PYTHON,
            "bills/app.py": PYTHON,
        },
    )

    found = [one.handler for one in application.functions.values()]
    assert [one.file.path for one in found if isinstance(one, Handler)] == [
        "bills/app.py",
        "orders/app.py",
    ]


def test_code_that_is_not_there_is_told(tmp_path: Path) -> None:
    """An archive that nothing packs, of which no source is in the folder, is named."""
    application, unseen = loaded(tmp_path, FUNCTION % 'filename = "gone.zip"')

    assert len(application.functions) == 1
    assert [(one.kind, one.why) for one in unseen] == [
        ("handler", "nothing that was read packs the archive gone.zip")
    ]
