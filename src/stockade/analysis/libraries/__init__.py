"""What the libraries that functions use do: looked up by the qualified name of a callee.

`_FAMILIES` is the index: a table is loaded when a module that it describes is first asked for,
so that a function pays for the libraries that it imports and for no other.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from stockade.analysis.libraries.model import (
    Argument,
    Calls,
    Clean,
    Decorates,
    Guard,
    Members,
    Model,
    Named,
    Noted,
    Passes,
    Returns,
    Sanitizer,
    Sink,
    Source,
    Test,
)

__all__ = [
    "Argument",
    "Calls",
    "Catalogue",
    "Clean",
    "Decorates",
    "Guard",
    "Members",
    "Model",
    "Named",
    "Noted",
    "Passes",
    "Returns",
    "Sanitizer",
    "Sink",
    "Source",
    "Test",
    "catalogue",
]

_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "builtin": ("builtins",),
    "commands": (
        "asyncio",
        "commands",
        "fabric",
        "invoke",
        "os",
        "paramiko",
        "pexpect",
        "pipes",
        "pty",
        "shlex",
        "subprocess",
    ),
    "files": (
        "aiofiles",
        "bz2",
        "codecs",
        "glob",
        "gzip",
        "io",
        "linecache",
        "lzma",
        "ntpath",
        "os",
        "pathlib",
        "posixpath",
        "shutil",
        "tarfile",
        "tempfile",
        "werkzeug",
        "zipfile",
    ),
    "addresses": (
        "aiohttp",
        "botocore",
        "ftplib",
        "http",
        "httplib",
        "httplib2",
        "httpx",
        "imaplib",
        "poplib",
        "pycurl",
        "requests",
        "smtplib",
        "socket",
        "telnetlib",
        "tornado",
        "urllib",
        "urllib2",
        "urllib3",
        "websocket",
        "websockets",
        "wget",
    ),
    "databases": (
        "aiomysql",
        "aiosqlite",
        "asyncpg",
        "aurora_data_api",
        "aurora_dsql_psycopg",
        "aurora_dsql_psycopg2",
        "aws_advanced_python_wrapper",
        "awswrangler",
        "clickhouse_driver",
        "cx_Oracle",
        "databases",
        "dataset",
        "django",
        "duckdb",
        "mysql",
        "MySQLdb",
        "oracledb",
        "pandas",
        "peewee",
        "pg8000",
        "pony",
        "psycopg",
        "psycopg2",
        "psycopg_pool",
        "pyathena",
        "pymssql",
        "pymysql",
        "pyodbc",
        "records",
        "redshift_connector",
        "snowflake",
        "sqlalchemy",
        "sqlite3",
        "sqlmodel",
        "trino",
    ),
    "stores": (
        "bson",
        "elasticsearch",
        "gremlin_python",
        "ldap",
        "ldap3",
        "lxml",
        "motor",
        "neo4j",
        "opensearchpy",
        "py2neo",
        "pymongo",
        "redis",
        "search",
    ),
    "aws": ("aioboto3", "aiobotocore", "aws", "boto3", "botocore"),
    "loaders": (
        "_pickle",
        "cloudpickle",
        "code",
        "cPickle",
        "dill",
        "imp",
        "importlib",
        "joblib",
        "jsonpickle",
        "marshal",
        "numexpr",
        "numpy",
        "pandas",
        "pickle",
        "pkgutil",
        "ruamel",
        "runpy",
        "shelve",
        "sympy",
        "timeit",
        "torch",
        "yaml",
    ),
    "documents": (
        "aws_lambda_powertools",
        "bleach",
        "bottle",
        "cgi",
        "chalice",
        "Cheetah",
        "chevron",
        "django",
        "fastapi",
        "flask",
        "html",
        "jinja2",
        "lxml",
        "mako",
        "markupsafe",
        "nh3",
        "pystache",
        "starlette",
        "tornado",
        "urllib",
        "xml",
    ),
    "tokens": (
        "argon2",
        "authlib",
        "base64",
        "bcrypt",
        "binascii",
        "cognitojwt",
        "firebase_admin",
        "google",
        "hashlib",
        "hmac",
        "jose",
        "joserfc",
        "jwt",
        "passlib",
        "random",
        "secrets",
        "uuid",
        "werkzeug",
        "zlib",
    ),
    "webhooks": (
        "discord_interactions",
        "ecdsa",
        "nacl",
        "npm:@octokit/webhooks-methods",
        "npm:discord-interactions",
        "npm:stripe",
        "npm:tweetnacl",
        "npm:twilio",
        "slack_sdk",
        "stripe",
        "svix",
        "twilio",
    ),
    "logs": (
        "aws_lambda_powertools",
        "aws_secretsmanager_caching",
        "logging",
        "loguru",
        "pprint",
        "requests",
        "structlog",
        "sys",
        "traceback",
        "urllib",
        "urllib3",
    ),
    "checks": (
        "arrow",
        "aws_lambda_powertools",
        "calendar",
        "datetime",
        "dateutil",
        "decimal",
        "fractions",
        "ipaddress",
        "isodate",
        "jsonschema",
        "math",
        "pendulum",
        "re",
        "regex",
        "statistics",
        "time",
        "uuid",
        "validators",
    ),
    "node": (
        "ecmascript",
        "node:async_hooks",
        "node:child_process",
        "node:console",
        "node:crypto",
        "node:dns",
        "node:fs",
        "node:http",
        "node:http2",
        "node:https",
        "node:net",
        "node:os",
        "node:path",
        "node:process",
        "node:querystring",
        "node:vm",
        "npm:execa",
        "npm:fs-extra",
        "npm:graceful-fs",
        "npm:sanitize-filename",
        "npm:shell-escape",
        "npm:shell-quote",
        "npm:shelljs",
        "npm:shescape",
        "npm:tar",
        "npm:vm2",
    ),
    "npm": (
        "node:sqlite",
        "npm:@aws-lambda-powertools/batch",
        "npm:@aws-lambda-powertools/idempotency",
        "npm:@aws-lambda-powertools/logger",
        "npm:@aws-lambda-powertools/parameters/secrets",
        "npm:@aws-lambda-powertools/parameters/ssm",
        "npm:@dazn/lambda-powertools-pattern-basic",
        "npm:@neondatabase/serverless",
        "npm:@octokit/webhooks-methods",
        "npm:@prisma/client",
        "npm:@sentry/aws-serverless",
        "npm:@sentry/serverless",
        "npm:argon2",
        "npm:async",
        "npm:aws-embedded-metrics",
        "npm:aws-jwt-verify",
        "npm:axios",
        "npm:bcrypt",
        "npm:bcryptjs",
        "npm:bent",
        "npm:better-sqlite3",
        "npm:bluebird",
        "npm:bunyan",
        "npm:cross-fetch",
        "npm:cryo",
        "npm:cuid",
        "npm:data-api-client",
        "npm:datadog-lambda-js",
        "npm:date-fns",
        "npm:dayjs",
        "npm:discord-interactions",
        "npm:doT",
        "npm:dompurify",
        "npm:dot",
        "npm:dynamoose",
        "npm:ejs",
        "npm:entities",
        "npm:escape-html",
        "npm:got",
        "npm:handlebars",
        "npm:he",
        "npm:html-entities",
        "npm:html-escaper",
        "npm:ioredis",
        "npm:is-uuid",
        "npm:isomorphic-dompurify",
        "npm:isomorphic-fetch",
        "npm:jose",
        "npm:js-yaml",
        "npm:jsonwebtoken",
        "npm:jwt-decode",
        "npm:knex",
        "npm:ksuid",
        "npm:ky",
        "npm:lambda-log",
        "npm:ldapjs",
        "npm:libxmljs",
        "npm:libxmljs2",
        "npm:lodash",
        "npm:lodash/escape",
        "npm:lodash/template",
        "npm:logger",
        "npm:loglevel",
        "npm:luxon",
        "npm:moment",
        "npm:mongodb",
        "npm:mongoose",
        "npm:ms",
        "npm:mssql",
        "npm:mustache",
        "npm:mysql",
        "npm:mysql2",
        "npm:mysql2/promise",
        "npm:nanoid",
        "npm:needle",
        "npm:node-fetch",
        "npm:node-serialize",
        "npm:nunjucks",
        "npm:oracledb",
        "npm:pg",
        "npm:pg-escape",
        "npm:pg-format",
        "npm:pg-pool",
        "npm:phin",
        "npm:pino",
        "npm:promise-mysql",
        "npm:pug",
        "npm:redis",
        "npm:request",
        "npm:request-promise",
        "npm:sanitize-html",
        "npm:sequelize",
        "npm:serialize-to-js",
        "npm:serverless-mysql",
        "npm:serverless-postgres",
        "npm:shortid",
        "npm:source-map-support",
        "npm:sqlite3",
        "npm:sqlstring",
        "npm:stripe",
        "npm:superagent",
        "npm:tedious",
        "npm:tweetnacl",
        "npm:twilio",
        "npm:typeorm",
        "npm:ulid",
        "npm:underscore",
        "npm:undici",
        "npm:uuid",
        "npm:validator",
        "npm:winston",
        "npm:xss",
    ),
    "callers": (
        "abc",
        "anyio",
        "asyncio",
        "aws_lambda_powertools",
        "aws_xray_sdk",
        "backoff",
        "cachetools",
        "concurrent",
        "contextlib",
        "contextvars",
        "dataclasses",
        "datadog_lambda",
        "epsagon",
        "functools",
        "itertools",
        "logging",
        "lumigo_tracer",
        "multiprocessing",
        "retrying",
        "sentry_sdk",
        "tenacity",
        "threading",
        "typing",
        "wrapt",
    ),
}

RESULTS = (Returns, Clean, Sanitizer, Source, Passes, Calls, Decorates)
"""The kinds of lines that say what a call gives."""
HARMS = (Sink, Guard)
"""The kinds of lines that say what a call does, or shows."""


class Catalogue:
    """The tables of all libraries, each loaded when it is first needed."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[Model, ...]] = {}
        self._loaded: set[str] = set()
        self._found: dict[str, tuple[Model, ...]] = {}

    def lines(self, callee: str) -> tuple[Model, ...]:
        """Return every line that describes `callee`, in the order of the tables.

        Lines of its own come first; what they leave unsaid of results or of harm is said by the
        nearest wider line (`aws.*`), if there is one.
        """
        found = self._found.get(callee)
        if found is None:
            self._load(callee.partition(".")[0])
            found = self._found[callee] = self._look_up(callee)
        return found

    def _look_up(self, callee: str) -> tuple[Model, ...]:
        found = self._lines.get(callee, ())
        if not found:
            callee = self._member(callee)
            found = self._lines.get(callee, ())
        if "(" in callee or "[" in callee:
            return found or self._below_result(callee)
        for kinds in (RESULTS, HARMS):
            if not any(isinstance(line, kinds) for line in found):
                found += self._wider(callee, kinds)
        return found

    def _below_result(self, callee: str) -> tuple[Model, ...]:
        """Return what holds for `requests.get().json`: a result gives what it holds, no more."""
        is_clean = any(isinstance(line, Clean) for line in self._wider(callee, RESULTS))
        return (Passes(callee, "self", "result"),) if is_clean else ()

    def _wider(self, callee: str, kinds: tuple[type, ...]) -> tuple[Model, ...]:
        """Return the nearest lines of these kinds that speak of all names below one."""
        above = callee
        while "." in above:
            above = above.rpartition(".")[0]
            wider = self._lines.get(f"{above}.*", ())
            found = tuple(line for line in wider if isinstance(line, kinds))
            if found:
                return found
        return ()

    def _member(self, callee: str) -> str:
        """Name a method of something below an object whose members have a type by that type."""
        above, _, method = callee.rpartition(".")
        for owner in re.finditer(r"[.\[]", above):
            for line in self._lines.get(above[: owner.start()], ()):
                if isinstance(line, Members):
                    return f"{line.type}.{method}"
        return callee

    def _load(self, top: str) -> None:
        for family in _INDEX.get(top, ()):
            if family not in self._loaded:
                self._loaded.add(family)
                module = import_module(f"{__name__}.{family}")
                models: tuple[Model, ...] = module.MODELS
                for line in models:
                    self._lines[line.callee] = (*self._lines.get(line.callee, ()), line)


def _index() -> Mapping[str, tuple[str, ...]]:
    """Turn the families' lists around: the families of each top-level name."""
    index: dict[str, tuple[str, ...]] = {}
    for family, tops in _FAMILIES.items():
        for top in tops:
            index[top] = (*index.get(top, ()), family)
    return MappingProxyType(index)


_INDEX = _index()


@cache
def catalogue() -> Catalogue:
    """Return the one catalogue that all functions of a scan share."""
    return Catalogue()
