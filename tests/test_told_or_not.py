"""Twins: of two applications that look alike, the one that is at fault is told, the other not."""

from pathlib import Path
from typing import NamedTuple

import pytest

from stockade.api import scan
from stockade.config import Config

WEB = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Web:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: {runtime}
      Events: {{Web: {{Type: HttpApi, Properties: {{Method: POST, Path: /}}}}}}
"""
NODE = WEB.format(runtime="nodejs22.x")

MODEL = """\
const mongoose = require("mongoose");
const bcrypt = require("bcryptjs");
const schema = new mongoose.Schema({{ email: String, password: String }});
{hook}
const User = mongoose.model("User", schema);
exports.handler = async (event) => {{
  const {{ email, password }} = JSON.parse(event.body);
  const user = await User.create({{ email, password }});
  return {{ statusCode: 200, body: JSON.stringify({{ id: user.id }}) }};
}};
"""
HOOK = """\
schema.pre("save", async function (next) {
  this.password = await bcrypt.hash(this.password, 10);
  next();
});
"""


class Twins(NamedTuple):
    """The files of an application, and what makes one twin of the other: the rule that tells."""

    rule: str
    told: dict[str, str]
    quiet: dict[str, str]


CASES = {
    "a hook of the model hashes the password": Twins(
        "password-in-plain-text",
        told={"template.yaml": NODE, "app.js": MODEL.format(hook="")},
        quiet={"template.yaml": NODE, "app.js": MODEL.format(hook=HOOK)},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_only_the_twin_at_fault_is_told(name: str, tmp_path: Path) -> None:
    """The rule tells the one, and says nothing of the other."""
    rule, told, quiet = CASES[name]

    assert found(tmp_path / "told", rule, told)
    assert not found(tmp_path / "quiet", rule, quiet)


def found(folder: Path, rule: str, files: dict[str, str]) -> list[str]:
    """Write an application and return what a rule says of it."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return [one.match.message for one in scan(folder, Config(select=(rule,))).findings]
