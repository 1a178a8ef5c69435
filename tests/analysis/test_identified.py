"""Where the code has found out who calls, nobody unknown does what comes after."""

from pathlib import Path

import pytest

from stockade.api import scan
from stockade.model import Exposure

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: {runtime}
      Events:
        Any: {{Type: HttpApi, Properties: {{Path: /run, Method: POST}}}}
"""

IN_JAVASCRIPT = {
    "a signature that raises": (
        """
const { exec } = require("child_process");
const jwt = require("jsonwebtoken");
exports.handler = async (event) => {
  jwt.verify(event.headers.authorization, process.env.KEY);
  exec(JSON.parse(event.body).name);
};""",
        Exposure.SIGNED_IN,
    ),
    "a signature that is not checked": (
        """
const { exec } = require("child_process");
const jwt = require("jsonwebtoken");
exports.handler = async (event) => {
  const user = jwt.decode(event.headers.authorization);
  if (!user) return { statusCode: 401 };
  exec(JSON.parse(event.body).name);
};""",
        Exposure.ANYONE,
    ),
    "a signature that is checked on one way only": (
        """
const { exec } = require("child_process");
const jwt = require("jsonwebtoken");
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  if (body.token) { jwt.verify(body.token, process.env.KEY); }
  exec(body.name);
};""",
        Exposure.ANYONE,
    ),
    "an error that is swallowed": (
        """
const { exec } = require("child_process");
const jwt = require("jsonwebtoken");
exports.handler = async (event) => {
  try { jwt.verify(event.headers.authorization, process.env.KEY); } catch (e) { console.log(e); }
  exec(JSON.parse(event.body).name);
};""",
        Exposure.ANYONE,
    ),
    "an error that sends the caller away": (
        """
const { exec } = require("child_process");
const Hawk = require("hawk");
exports.handler = async (event) => {
  try { await Hawk.server.authenticate({ authorization: event.headers.authorization }); }
  catch (e) { return { statusCode: 401, body: e.message }; }
  exec(JSON.parse(event.body).name);
};""",
        Exposure.SIGNED_IN,
    ),
    "a session that is looked up": (
        """
const { exec } = require("child_process");
const { find } = require("sessions");
exports.handler = async (event) => {
  const session = await find(event.headers.cookie);
  if (!session) return { statusCode: 401 };
  exec(JSON.parse(event.body).name);
};""",
        Exposure.SIGNED_IN,
    ),
    "a user who is looked up by the address that the event names": (
        """
const { exec } = require("child_process");
const { find } = require("users");
exports.handler = async (event) => {
  const { email, name } = JSON.parse(event.body);
  const user = await find(email);
  if (!user) return { statusCode: 401 };
  exec(name);
};""",
        Exposure.ANYONE,
    ),
    "a header that has to be there": (
        """
const { exec } = require("child_process");
exports.handler = async (event) => {
  const header = event.headers.authorization;
  if (!header || !header.startsWith("Bearer ")) return { statusCode: 401 };
  exec(JSON.parse(event.body).name);
};""",
        Exposure.ANYONE,
    ),
    "a text that is looked at": (
        """
const { exec } = require("child_process");
const validator = require("validator");
exports.handler = async (event) => {
  const { name, email } = JSON.parse(event.body);
  if (!validator.isEmail(email)) throw new Error("Forbidden");
  exec(name);
};""",
        Exposure.ANYONE,
    ),
    "a key that the environment holds": (
        """
const { exec } = require("child_process");
exports.handler = async (event) => {
  if (event.headers["x-key"] !== process.env.KEY) { return { statusCode: 403 }; }
  exec(JSON.parse(event.body).name);
};""",
        Exposure.SIGNED_IN,
    ),
    "a middleware before one of the routes": (
        """
const { exec } = require("child_process");
const express = require("express");
const serverless = require("serverless-http");
const jwt = require("jsonwebtoken");
const app = express();
const signedIn = (req, res, next) => {
  try { req.user = jwt.verify(req.headers.authorization, process.env.KEY); }
  catch (e) { return res.status(401).json({}); }
  next();
};
app.post("/run", signedIn, (req, res) => { exec(req.body.name); res.json({}); });
exports.handler = serverless(app);""",
        Exposure.SIGNED_IN,
    ),
    "a middleware before another route": (
        """
const { exec } = require("child_process");
const express = require("express");
const serverless = require("serverless-http");
const jwt = require("jsonwebtoken");
const app = express();
const signedIn = (req, res, next) => {
  jwt.verify(req.headers.authorization, process.env.KEY);
  next();
};
app.post("/other", signedIn, (req, res) => { res.json({}); });
app.post("/run", (req, res) => { exec(req.body.name); res.json({}); });
exports.handler = serverless(app);""",
        Exposure.ANYONE,
    ),
    "a guard that a package makes": (
        """
const { exec } = require("child_process");
const express = require("express");
const passport = require("passport");
const serverless = require("serverless-http");
const app = express();
app.post("/run", passport.authenticate("jwt", { session: false }), (req, res) => {
  exec(req.body.name);
  res.json({});
});
exports.handler = serverless(app);""",
        Exposure.SIGNED_IN,
    ),
    "a guard of one router": (
        """
const { exec } = require("child_process");
const express = require("express");
const serverless = require("serverless-http");
const jwt = require("jsonwebtoken");
const app = express();
const inside = express.Router();
inside.use((req, res, next) => { jwt.verify(req.headers.authorization, "k"); next(); });
inside.post("/other", (req, res) => { res.json({}); });
app.use("/inside", inside);
app.post("/run", (req, res) => { exec(req.body.name); res.json({}); });
exports.handler = serverless(app);""",
        Exposure.ANYONE,
    ),
    "a guard of the router before the route": (
        """
const { exec } = require("child_process");
const express = require("express");
const serverless = require("serverless-http");
const jwt = require("jsonwebtoken");
const app = express();
app.use((req, res, next) => { jwt.verify(req.headers.authorization, "k"); next(); });
app.post("/run", (req, res) => { exec(req.body.name); res.json({}); });
exports.handler = serverless(app);""",
        Exposure.SIGNED_IN,
    ),
}

IN_PYTHON = {
    "claims that a gateway gives": (
        """
import os
def claims(event):
    found = event["requestContext"]["authorizer"].get("claims")
    if not found:
        raise PermissionError(401, "no claims")
    return found
def handler(event, context):
    claims(event)
    os.system(event["body"])
""",
        Exposure.SIGNED_IN,
    ),
    "a password": (
        """
import json, os, bcrypt
def handler(event, context):
    body = json.loads(event["body"])
    if not bcrypt.checkpw(body["password"], os.environ["HASH"]):
        return {"statusCode": 400}
    os.system(body["name"])
""",
        Exposure.SIGNED_IN,
    ),
    "a token that is not verified": (
        """
import os, jwt
def handler(event, context):
    jwt.decode(event["headers"]["token"], options={"verify_signature": False})
    os.system(event["body"])
""",
        Exposure.ANYONE,
    ),
    "a decorator": (
        """
import os, jwt
def signed_in(function):
    def wrapped(event, context):
        try:
            jwt.decode(event["headers"]["token"], os.environ["KEY"], algorithms=["HS256"])
        except Exception:
            return {"statusCode": 401}
        return function(event, context)
    return wrapped
@signed_in
def handler(event, context):
    os.system(event["body"])
""",
        Exposure.SIGNED_IN,
    ),
}


def exposure_of(folder: Path, file: str, code: str, runtime: str) -> Exposure:
    """Scan an application of one function, and return who can run commands in it."""
    (folder / "template.yaml").write_text(TEMPLATE.format(runtime=runtime))
    (folder / file).write_text(code)
    found = [one for one in scan(folder).findings if one.rule.id == "event-in-shell"]
    assert len(found) == 1
    return found[0].match.exposure


@pytest.mark.parametrize("name", IN_JAVASCRIPT)
def test_who_gets_further_in_javascript(name: str, tmp_path: Path) -> None:
    """A flow is as exposed as its event source, or less where the code asked who calls."""
    code, expected = IN_JAVASCRIPT[name]
    assert exposure_of(tmp_path, "app.js", code, "nodejs22.x") is expected


@pytest.mark.parametrize("name", IN_PYTHON)
def test_who_gets_further_in_python(name: str, tmp_path: Path) -> None:
    """In Python as in JavaScript."""
    code, expected = IN_PYTHON[name]
    assert exposure_of(tmp_path, "app.py", code, "python3.13") is expected
