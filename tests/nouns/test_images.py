"""Functions that are images: the handler and the code that their Dockerfile tells."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from folders import write
from terraform_loading import loaded

from stockade.load import load
from stockade.model import Function, Handler, Unknown

PYTHON = "def handler(event, context):\n    pass\n"
BUILT = "Metadata: {DockerContext: ., Dockerfile: Dockerfile}"


def _function(
    folder: Path,
    files: Mapping[str, str],
    metadata: str = BUILT,
    extra: str = "",
    template_at: str = "template.yaml",
) -> Function:
    template = f"""Transform: AWS::Serverless-2016-10-31
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    {metadata}
    Properties:
      PackageType: Image
      {extra}
"""
    write(folder, {**files, template_at: template})
    (found,) = [one for one in load(folder).applications if one.name == template_at]
    return found.functions["OrdersFunction"]


def _told(function: Function) -> str:
    handler = function.handler
    if isinstance(handler, Unknown):
        return handler.why
    return f"{handler.file.path}:{handler.symbol} {function.runtime}"


AWS = "FROM public.ecr.aws/lambda/python:3.13\n"
NODE = "FROM public.ecr.aws/lambda/nodejs:22\n"

READ: Mapping[str, tuple[str, list[str], str]] = {
    "what is copied to the task's folder": (
        AWS + 'COPY code/ ${LAMBDA_TASK_ROOT}/\nCMD ["app.handler"]',
        ["code/app.py", "app.py"],
        "code/app.py:handler python3.13",
    ),
    "a file that is copied under another name": (
        AWS + 'COPY code/main.py ./app.py\nCMD ["app.handler"]',
        ["code/main.py", "code/app.py"],
        "code/main.py:handler python3.13",
    ),
    "a folder that stays a folder": (
        AWS + 'COPY shop ./shop\nCMD [ "shop.app.handler" ]',
        ["shop/app.py"],
        "shop/app.py:handler python3.13",
    ),
    "files by a pattern": (
        AWS + "COPY src/*.py ./\nCMD app.handler",
        ["src/app.py", "tests/app.py"],
        "src/app.py:handler python3.13",
    ),
    "a folder of work that an argument names": (
        (
            "ARG HOME=/function\nFROM python:3.12-slim\nARG HOME\nWORKDIR ${HOME}\n"
            'COPY lambda .\nENTRYPOINT ["/usr/local/bin/python", "-m", "awslambdaric"]\n'
            'CMD ["app.handler"]'
        ),
        ["lambda/app.py"],
        "lambda/app.py:handler python3.12",
    ),
    "the handler as the client's argument": (
        (
            "FROM debian:12\nWORKDIR /f\nCOPY . .\n"
            'ENTRYPOINT ["/venv/bin/python", "-m", "awslambdaric", "app.handler"]'
        ),
        ["app.py"],
        "app.py:handler python",
    ),
    "the last of several stages, with what it takes from the others": (
        (
            "FROM python:3.11 AS build\nWORKDIR /work\nCOPY services/orders/ .\n"
            'CMD ["other.handler"]\n'
            f"{AWS}COPY --from=build /work ${{LAMBDA_TASK_ROOT}}\n"
            'CMD ["app.handler"]'
        ),
        ["services/orders/app.py", "services/orders/other.py"],
        "services/orders/app.py:handler python3.13",
    ),
    "a stage that begins with another": (
        f'{AWS.strip()} AS base\nCOPY code .\nCMD ["app.handler"]\nFROM base\nRUN true',
        ["code/app.py"],
        "code/app.py:handler python3.13",
    ),
    "the source of what a stage compiles": (
        (
            "FROM node:22 AS build\nWORKDIR /usr/app\nCOPY . .\nRUN npm run build\n"
            f'{NODE}COPY --from=build /usr/app/dist/* ./\nCMD ["app.handler"]'
        ),
        ["src/app.ts"],
        "src/app.ts:handler nodejs22.x",
    ),
    "a heredoc and a comment between lines hold no instructions": (
        (
            f'{AWS}RUN <<EOF\nCMD ["no.handler"]\nEOF\nCOPY \\\n# all of it\n  code \\\n  .\n'
            'CMD ["app.handler"]'
        ),
        ["code/app.py"],
        "code/app.py:handler python3.13",
    ),
    "a base that a variable names": (
        (
            "ARG VERSION=3.12\nFROM public.ecr.aws/lambda/python:${VERSION}\nCOPY . .\n"
            'CMD ["app.handler"]'
        ),
        ["app.py"],
        "app.py:handler python3.12",
    ),
    "a program that is no handler": (
        'FROM python:3.13\nCOPY . /srv\nCMD ["uvicorn", "app:api", "--port", "8080"]',
        ["app.py"],
        "its command starts a program (uvicorn app:api --port 8080), which is not analysed",
    ),
    "a file that is started is no handler": (
        'FROM node:22\nCOPY . .\nCMD ["node", "app.js"]',
        ["app.js"],
        "its command starts a program (node app.js), which is not analysed",
    ),
    "another language": (
        'FROM public.ecr.aws/lambda/java:21\nCOPY . .\nCMD ["app.handler"]',
        ["app.py"],
        "the image public.ecr.aws/lambda/java:21 is not analysed",
    ),
    "no command": (AWS + "COPY . .", ["app.py"], "its Dockerfile has no command"),
    "a handler that is not there": (
        AWS + 'COPY . .\nCMD ["gone.handler"]',
        ["app.py"],
        "its command gone.handler names no handler in the folder",
    ),
    "no stage at all": ("# empty\n", ["app.py"], "Dockerfile describes no image"),
}


@pytest.mark.parametrize("case", READ)
def test_a_dockerfile_says_which_code_runs(tmp_path: Path, case: str) -> None:
    """Its last stage names the handler, and what is copied the file; else the reason is told."""
    docker, files, expected = READ[case]

    function = _function(tmp_path, {"Dockerfile": docker, **dict.fromkeys(files, PYTHON)})

    assert _told(function) == expected


def test_imports_are_looked_for_where_the_copies_came_from(tmp_path: Path) -> None:
    """Each folder that is copied to the task's folder is one that modules are imported from."""
    function = _function(
        tmp_path,
        {
            "Dockerfile": AWS + 'COPY app/main.py .\nCOPY shared/ ./\nCMD ["main.handler"]',
            "app/main.py": PYTHON,
            "shared/helper.py": "",
        },
    )

    assert function.roots[:2] == ("app", "shared")


def test_the_template_has_the_last_word(tmp_path: Path) -> None:
    """Its command, the stage that it builds and the arguments that it gives count first."""
    docker = (
        "FROM public.ecr.aws/lambda/python:3.13 AS one\nARG PART\nCOPY ${PART} .\n"
        'CMD ["no.handler"]\nFROM public.ecr.aws/lambda/java:21'
    )
    metadata = (
        "Metadata: {DockerContext: ., Dockerfile: Dockerfile, DockerBuildTarget: one, "
        "DockerBuildArgs: {PART: bills}}"
    )
    function = _function(
        tmp_path,
        {"Dockerfile": docker, "bills/app.py": PYTHON},
        metadata,
        "ImageConfig: {Command: [app.handler]}",
    )

    assert _told(function) == "bills/app.py:handler python3.13"


URI = "ImageUri: !Sub ${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/%s:1"
HELD = AWS + 'COPY . .\nCMD ["app.handler"]'
SEARCHED: Mapping[str, tuple[dict[str, str], str, str]] = {
    "the only one": (
        {"code/Dockerfile": HELD, "code/app.py": PYTHON},
        URI % "x",
        "code/app.py:handler python3.13",
    ),
    "the one with the image's name": (
        {
            "images/bills/Dockerfile": HELD,
            "images/bills/app.py": PYTHON,
            "images/ship-it/Dockerfile": HELD,
            "images/ship-it/app.py": PYTHON,
        },
        URI % "ship-it",
        "images/ship-it/app.py:handler python3.13",
    ),
    "the one with the function's name": (
        {
            "bills/Dockerfile": HELD,
            "bills/app.py": PYTHON,
            "orders/Dockerfile": HELD,
            "orders/app.py": PYTHON,
        },
        URI % "x",
        "orders/app.py:handler python3.13",
    ),
    "several that may be it": (
        {
            "a/Dockerfile": HELD,
            "a/app.py": PYTHON,
            "b/Dockerfile": HELD,
            "b/app.py": PYTHON,
        },
        URI % "x",
        "which of 2 Dockerfiles its image is built from is not written",
    ),
    "one that serves a container elsewhere": (
        {
            "web/Dockerfile": 'FROM python:3.13\nCOPY . .\nCMD ["app.handler"]',
            "web/app.py": PYTHON,
        },
        URI % "x",
        "the code is in an image that is built elsewhere",
    ),
}


@pytest.mark.parametrize("case", SEARCHED)
def test_a_dockerfile_that_no_template_names_is_looked_for(tmp_path: Path, case: str) -> None:
    """It makes an image for Lambda, and is the only one or has the name; never a guess."""
    files, uri, expected = SEARCHED[case]

    assert _told(_function(tmp_path, files, "", uri)) == expected


OTHER = "Transform: AWS::Serverless-2016-10-31\nResources: {T: {Type: AWS::SNS::Topic}}\n"
AROUND: Mapping[str, tuple[dict[str, str], str, str]] = {
    "beside a folder of infrastructure": (
        {"code/Dockerfile": HELD, "code/app.py": PYTHON},
        "infra/dev/template.yaml",
        "code/app.py:handler python3.13",
    ),
    "beside a folder that may hold anything": (
        {"code/Dockerfile": HELD, "code/app.py": PYTHON},
        "orders/template.yaml",
        "the code is in an image that is built elsewhere",
    ),
    "of another application": (
        {"bills/Dockerfile": HELD, "bills/app.py": PYTHON, "bills/template.yaml": OTHER},
        "sam/template.yaml",
        "the code is in an image that is built elsewhere",
    ),
    "the nearest one is of another language": (
        {
            "go/Dockerfile": 'FROM public.ecr.aws/lambda/provided:al2023\nCMD ["bootstrap"]',
            "other/Dockerfile": HELD,
            "other/app.py": PYTHON,
        },
        "go/sam/template.yaml",
        "the image public.ecr.aws/lambda/provided:al2023 is not analysed",
    ),
    "a script of its own that starts the client": (
        {
            "Dockerfile": (
                "FROM python:3.13\nRUN pip install awslambdaric\nWORKDIR /var/task\nCOPY src .\n"
                'COPY entry.py /entry.py\nENTRYPOINT ["python", "/entry.py"]\nCMD ["app.handler"]'
            ),
            "src/app.py": PYTHON,
            "entry.py": "",
        },
        "sam/template.yaml",
        "src/app.py:handler python3.13",
    ),
}


@pytest.mark.parametrize("case", AROUND)
def test_a_template_may_stand_beside_the_code(tmp_path: Path, case: str) -> None:
    """A folder of infrastructure is left for the one above it, as far as that is its own."""
    files, template_at, expected = AROUND[case]

    assert _told(_function(tmp_path, files, "", URI % "x", template_at)) == expected


def test_terraform_says_what_an_image_is_built_from(tmp_path: Path) -> None:
    """`docker_image` and the published module `docker-build` name the folder of the build."""
    main = """
resource "docker_image" "bills" {
  name = "registry.example/bills:1"
  build { context = "${path.module}/bills" }
}
resource "aws_lambda_function" "bills" {
  function_name = "bills"
  package_type  = "Image"
  image_uri     = docker_image.bills.name
  role          = "r"
}
module "image" {
  source      = "terraform-aws-modules/lambda/aws//modules/docker-build"
  ecr_repo    = "x"
  source_path = "mail"
}
module "mail" {
  source         = "terraform-aws-modules/lambda/aws"
  function_name  = "m"
  create_package = false
  package_type   = "Image"
  image_uri      = module.image.image_uri
}
"""
    found, unseen = loaded(
        tmp_path,
        {
            "main.tf": main,
            **{f"{name}/Dockerfile": HELD for name in ("bills", "mail", "other")},
            **{f"{name}/app.py": PYTHON for name in ("bills", "mail", "other")},
        },
    )

    handlers = {name: one.handler for name, one in found.functions.items()}
    assert {name: one.file.path for name, one in handlers.items() if isinstance(one, Handler)} == {
        "aws_lambda_function.bills": "bills/app.py",
        "module.mail.aws_lambda_function.this[0]": "mail/app.py",
    }
    assert not unseen


def test_a_dockerfile_that_grows_without_end_is_read_in_bounded_time(tmp_path: Path) -> None:
    """Variables that double each other, and stages that copy each other, end."""
    doubled = "ENV A=xxxxxxxx\n" + "ENV A=$A$A\n" * 500
    stages = "FROM scratch AS s0\nCOPY a b /x/\n" + "".join(
        f"FROM scratch AS s{n}\n" + f"COPY --from=s{n - 1} /x /x\n" * 20 for n in range(1, 30)
    )
    started = time.process_time()

    function = _function(
        tmp_path,
        {
            "Dockerfile": f'{stages}{AWS}{doubled}COPY --from=s29 /x .\nCMD ["app.handler"]',
            "other.py": PYTHON,
        },
    )

    assert _told(function) == "its command app.handler names no handler in the folder"
    assert time.process_time() - started < 2
