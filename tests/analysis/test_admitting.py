"""Whether code lets everybody in is read from its text, and what may decide is taken to decide."""

from pathlib import Path

import pytest
from loaded import application

from stockade.analysis.admitting import admitting, confirming, failing_open
from stockade.analysis.code.modules import ModuleCache
from stockade.model import Application, Function

_TEMPLATE = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {runtime}
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/r
      Code:
        ZipFile: |
{code}
"""


def _function(folder: Path, runtime: str, code: str) -> tuple[Application, Function]:
    text = "\n".join(f"          {line}" for line in code.strip().splitlines())
    found = application(folder, _TEMPLATE.format(runtime=runtime, code=text))
    return found, found.functions["F"]


_ALLOW = '{"policyDocument": {"Statement": [{"Effect": "Allow", "Resource": event["methodArn"]}]}}'

AUTHORIZERS = [
    ("says yes", "python3.13", f"def handler(event, context):\n    return {_ALLOW}", True),
    (
        "the simple answer",
        "nodejs22.x",
        "exports.handler = async () => ({ isAuthorized: true });",
        True,
    ),
    (
        "by a callback and a helper",
        "nodejs22.x",
        (
            "const policy = (who, effect, arn) => (effect ? { who, effect, arn } : { who });\n"
            "exports.handler = (event, context, callback) => {\n"
            "  callback(null, policy('me', 'Allow', event.methodArn));\n};"
        ),
        True,
    ),
    (
        "the blueprint of AWS",
        "python3.13",
        (
            "class AuthPolicy:\n    pass\n"
            "def handler(event, context):\n"
            "    parts = event['methodArn'].split(':')\n"
            "    policy = AuthPolicy('user', parts[4])\n"
            "    policy.allowAllMethods()\n"
            "    return policy.build()"
        ),
        True,
    ),
    (
        "compares",
        "python3.13",
        (
            "def handler(event, context):\n"
            "    if event['authorizationToken'] == 'x':\n"
            f"        return {_ALLOW}\n    raise Exception('Unauthorized')"
        ),
        False,
    ),
    (
        "asks whether a token is there",
        "nodejs22.x",
        (
            "exports.handler = async (event) => {\n"
            "  const token = event.headers.authorization;\n"
            "  let effect = 'Deny';\n"
            "  if (token) { effect = 'Allow'; }\n"
            "  return { policyDocument: { Statement: [{ Effect: effect }] } };\n};"
        ),
        True,
    ),
    (
        "asks how a token begins",
        "python3.13",
        (
            "def handler(event, context):\n"
            "    token = event.get('authorizationToken')\n"
            "    if not token or not token.startswith('Bearer '):\n"
            "        raise Exception('Unauthorized')\n"
            f"    return {_ALLOW}"
        ),
        True,
    ),
    (
        "looks a token up",
        "nodejs22.x",
        (
            "const KNOWN = ['a'];\n"
            "exports.handler = async (event) => {\n"
            "  if (KNOWN.includes(event.authorizationToken)) return { isAuthorized: true };\n"
            "  return { isAuthorized: false };\n};"
        ),
        False,
    ),
    (
        "calls what may raise",
        "python3.13",
        f"def handler(event, context):\n    verified(event['token'])\n    return {_ALLOW}",
        False,
    ),
    (
        "allows by a choice",
        "nodejs22.x",
        "exports.handler = async (e) => ({ isAuthorized: known(e) });",
        False,
    ),
    (
        "denies",
        "python3.13",
        "def handler(event, context):\n    return {'Effect': 'Deny'}",
        False,
    ),
]


@pytest.mark.parametrize(
    ("runtime", "code", "expected"),
    [one[1:] for one in AUTHORIZERS],
    ids=[one[0] for one in AUTHORIZERS],
)
def test_an_authorizer_that_decides_nothing(
    runtime: str,
    code: str,
    expected: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    """An authorizer that allows, and tests and asks nothing, allows everyone."""
    assert (admitting(*_function(tmp_path, runtime, code), ModuleCache()) is not None) is expected


_HEAD = "def handler(event, context):\n"

SIGN_UPS = [
    (
        "verifies after a look at the domain",
        (
            f"{_HEAD}    if not event['userName'].endswith('@example.com'):\n"
            "        raise Exception('no')\n"
            "    event['response']['autoVerifyEmail'] = True\n    return event"
        ),
        True,
    ),
    (
        "only confirms",
        (
            f"{_HEAD}    event['response'].update({{}})\n"
            "    event['response']['autoConfirmUser'] = True\n    return event"
        ),
        False,
    ),
    (
        "after a look into the list of those invited",
        (
            f"{_HEAD}    if not invited(event['userName']):\n        raise Exception('no')\n"
            "    event['response']['autoVerifyEmail'] = True\n    return event"
        ),
        None,
    ),
    (
        "those whom an administrator makes",
        (
            f"{_HEAD}    if event['triggerSource'] == 'PreSignUp_AdminCreateUser':\n"
            "        event['response']['autoVerifyEmail'] = True\n    return event"
        ),
        None,
    ),
    (
        "says no",
        f"{_HEAD}    event['response']['autoVerifyEmail'] = False\n    return event",
        None,
    ),
]


@pytest.mark.parametrize(
    ("code", "expected"), [one[1:] for one in SIGN_UPS], ids=[one[0] for one in SIGN_UPS]
)
def test_a_trigger_that_confirms_everybody(
    code: str,
    expected: bool | None,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    """A trigger confirms everybody unless it asks who they are; addresses may count as theirs."""
    found = confirming(*_function(tmp_path, "python3.13", code), ModuleCache())

    assert (None if found is None else found.verifies) is expected


_FILES = """Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Runtime: %s, Handler: app.handler, CodeUri: src}
"""
_JS = "nodejs22.x"
_SAYS_YES = "export const policyFor = (arn) => ({ Effect: 'Allow', Resource: arn });\n"
CALLED = [
    (
        "a helper of another file says yes",
        _JS,
        {
            "app.mjs": (
                "import { policyFor } from './policy.mjs';\n"
                "export const handler = async (event) => policyFor(event.methodArn);\n"
            ),
            "policy.mjs": _SAYS_YES,
        },
        "src/policy.mjs",
    ),
    (
        "a check that checks nothing",
        _JS,
        {
            "app.js": (
                "const auth = require('./auth');\n"
                "exports.handler = async (e) => ({ isAuthorized: await auth.check(e) });\n"
            ),
            "auth.js": "module.exports = { check };\nasync function check(e) { return true; }\n",
        },
        "src/app.js",
    ),
    (
        "a check that compares",
        _JS,
        {
            "app.js": (
                "const { check } = require('./auth');\n"
                "exports.handler = async (e) => ({ isAuthorized: await check(e) });\n"
            ),
            "auth.js": "exports.check = async (e) => e.headers.key === process.env.KEY;\n",
        },
        None,
    ),
    (
        "a helper that calls a library",
        _JS,
        {
            "app.mjs": (
                "import { verified } from './auth.mjs';\n"
                "import { policyFor } from './policy.mjs';\n"
                "export const handler = async (event) => { verified(event); "
                "return policyFor(event.methodArn); };\n"
            ),
            "auth.mjs": (
                "import jwt from 'jsonwebtoken';\n"
                "export const verified = (e) => jwt.verify(e.token, process.env.KEY);\n"
            ),
            "policy.mjs": _SAYS_YES,
        },
        None,
    ),
    (
        "functions that call each other without end",
        "python3.13",
        {
            "app.py": (
                "from other import again\ndef handler(event, context):\n    return again(event)\n"
            ),
            "other.py": "import app\ndef again(event):\n    return app.handler(event, 'Allow')\n",
        },
        "src/other.py",
    ),
]


@pytest.mark.parametrize(
    ("runtime", "files", "expected"),
    [one[1:] for one in CALLED],
    ids=[one[0] for one in CALLED],
)
def test_the_functions_that_an_authorizer_calls_are_looked_into(
    runtime: str, files: dict[str, str], expected: str | None, tmp_path: Path
) -> None:
    """Those of other files of the application too; a library is taken to decide."""
    found = application(
        tmp_path, _FILES % runtime, {f"src/{name}": text for name, text in files.items()}
    )

    at = admitting(found, found.functions["F"], ModuleCache())
    assert (None if at is None else at.path) == expected


@pytest.mark.parametrize(
    ("helper", "expected"),
    [
        ("event['response']['autoVerifyEmail'] = True", True),
        ("if not invited(event['userName']): raise Exception('no')", None),
    ],
)
def test_what_a_triggers_helper_does_counts(
    helper: str,
    expected: bool | None,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    """A helper may confirm, and may refuse: then not everybody is confirmed."""
    code = (
        "import known\ndef handler(event, context):\n    known.ask(event)\n"
        "    event['response']['autoConfirmUser'] = True\n    return event\n"
    )
    text = f"from lists import invited\ndef ask(event):\n    {helper}\n"
    files = {"src/app.py": code, "src/known.py": text}
    found = application(tmp_path, _FILES % "python3.13", files)

    confirmed = confirming(found, found.functions["F"], ModuleCache())
    assert (None if confirmed is None else confirmed.verifies) is expected


_CHECK = "        claims = jwt.decode(event['authorizationToken'], KEY, algorithms=['RS256'])\n"
FAILING = [
    (
        "allows where the check raises",
        (
            f"def handler(event, context):\n    try:\n{_CHECK}        return {_ALLOW}\n"
            f"    except Exception:\n        return {_ALLOW}"
        ),
        True,
    ),
    (
        "denies where the check raises",
        (
            f"def handler(event, context):\n    try:\n{_CHECK}        return {_ALLOW}\n"
            "    except Exception:\n        raise Exception('Unauthorized')"
        ),
        False,
    ),
    (
        "has refused before",
        (
            "def handler(event, context):\n"
            "    if event['authorizationToken'] != KEY:\n        raise Exception('Unauthorized')\n"
            f"    try:\n        count(event)\n        return {_ALLOW}\n"
            f"    except Exception:\n        return {_ALLOW}"
        ),
        False,
    ),
    (
        "asks what went wrong",
        (
            f"def handler(event, context):\n    try:\n{_CHECK}        return {_ALLOW}\n"
            "    except Exception as error:\n"
            "        effect = 'Allow' if str(error) == 'late' else 'Deny'\n"
            "        return {'Effect': effect}"
        ),
        False,
    ),
    (
        "tries nothing that tells callers apart",
        (
            "def handler(event, context):\n    try:\n        name = event['methodArn']\n"
            f"    except Exception:\n        pass\n    return {_ALLOW}"
        ),
        False,
    ),
]


@pytest.mark.parametrize(
    ("code", "expected"), [one[1:] for one in FAILING], ids=[one[0] for one in FAILING]
)
def test_an_authorizer_that_allows_whoever_makes_its_check_fail(
    code: str,
    expected: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    """What is allowed where a check raises counts, unless callers are refused elsewhere."""
    found = failing_open(*_function(tmp_path, "python3.13", code), ModuleCache())

    assert (found is not None) is expected
