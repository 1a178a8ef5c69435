"""Commands of shells: which deploy, which check, and where they stand."""

import pytest

from stockade.analysis.pipelines.commands import LONGEST, checks_first, deploying, is_check
from stockade.model import Location

AT = Location("deploy.yml", 3, 9, 6, 1)


@pytest.mark.parametrize(
    "command",
    [
        "sam deploy",
        "sam build && sam deploy --no-confirm-changeset",
        "npx cdk deploy --all --require-approval never",
        "uv run cdk deploy -c env=prod",
        "sls deploy --stage prod",
        "cd infra; terraform apply -auto-approve",
        "./node_modules/.bin/serverless deploy",
        "sam \\\n  deploy",
        "if true; then\n  aws cloudformation deploy --stack-name x\nfi",
        "aws lambda update-function-code --function-name x",
    ],
)
def test_what_deploys(command: str) -> None:
    """Each of these changes what runs in AWS."""
    assert list(deploying(command, AT, ""))


@pytest.mark.parametrize(
    "command",
    [
        "echo sam deploy",
        "# sam deploy",
        "sam build",
        "sam deploy --config-env dev",
        "cdk deploy -c env=staging",
        "npx serverless deploy --stage=test",
        "terraform apply -var-file=env/sandbox.tfvars",
        "terraform plan",
        "cdk diff",
        "printf 'then run sam deploy'",
        "",
    ],
)
def test_what_does_not_deploy_to_production(command: str) -> None:
    """What is printed, commented out, only built, or meant for another environment is none."""
    assert not list(deploying(command, AT, ""))


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q",
        "python -m pytest",
        "npm test",
        "npm run lint",
        "npm run test:unit",
        "make test",
        "stockade scan --fail-on high",
        "npx eslint .",
        "cfn-lint template.yaml",
        "uv run pre-commit run --all-files",
        "./gradlew clean test",
    ],
)
def test_what_checks(command: str) -> None:
    """Each of these can turn a change away."""
    assert is_check(command)


@pytest.mark.parametrize("command", ["npm ci", "pip install pytest", "echo pytest", "make build"])
def test_what_checks_nothing(command: str) -> None:
    """Installing a tool is not running it."""
    assert not is_check(command)


def test_a_check_after_the_deployment_is_none_before_it() -> None:
    """The order of the commands counts."""
    assert checks_first("pytest\nsam deploy")
    assert not checks_first("sam deploy\npytest")


def test_the_line_of_the_command_is_told() -> None:
    """Within a block of several lines the place is that of the command."""
    text = "a:\n  b:\n    run: |\n      sam build\n      echo sam deploy\n      sam deploy --x\n"
    (line,) = deploying("sam build\necho sam deploy\nsam deploy --x", AT, text)

    assert line.text == "sam deploy"
    assert line.at == Location("deploy.yml", 6, 7, 6, 17)


def test_a_long_script_is_looked_at_in_bounded_time() -> None:
    """What an attacker writes into a script costs no more than its beginning."""
    hostile = "npm " + "-a " * LONGEST + "gradle " + "x " * LONGEST

    assert not is_check(hostile)
    assert not list(deploying(hostile, AT, hostile))
