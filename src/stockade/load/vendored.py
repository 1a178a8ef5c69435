"""What in a folder is not the application's own: packages copied in, environments, builds."""

# ruff: noqa: PTH113, PTH114, PTH118, PTH123, PTH208 - Path objects cost too much here

import os
from collections.abc import Collection
from collections.abc import Set as AbstractSet

from stockade._late import pattern

SKIPPED_FOLDERS = frozenset(
    (
        *(".git", ".hg", ".svn"),
        *("node_modules", "site-packages", "dist-packages", "__pycache__", "__pypackages__"),
        *(".aws-sam", ".serverless", ".chalice", "cdk.out", ".terraform", ".sst"),
        *(".venv", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
    )
)
"""Folders that are never the author's own text, whatever stands beside them."""

ENVIRONMENT_NAMES = frozenset(
    (
        *("pyvenv.cfg", ".gitignore", "bin", "include", "lib", "lib64", "share", "etc", "man"),
        *("Include", "Lib", "Scripts"),
    )
)
"""What `python -m venv` and the packages installed there put into the folder of an environment."""

_KNOWN_PACKAGES = frozenset(
    (
        *("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six", "boto"),
        *("requests", "certifi", "idna", "chardet", "charset_normalizer", "httpx", "httpcore"),
        *("aiohttp", "yarl", "multidict", "anyio", "sniffio", "h11", "websocket", "websockets"),
        *("yaml", "simplejson", "orjson", "ujson", "jsonschema", "attr", "attrs", "pydantic"),
        *("pydantic_core", "typing_extensions", "annotated_types", "aws_lambda_powertools"),
        *("aws_xray_sdk", "wrapt", "numpy", "pandas", "scipy", "pytz", "tzdata", "PIL", "lxml"),
        *("pymysql", "psycopg2", "psycopg", "pg8000", "MySQLdb", "mysql", "pymongo", "bson"),
        *("redis", "sqlalchemy", "peewee", "cryptography", "cffi", "jwt", "jose", "rsa", "ecdsa"),
        *("pyasn1", "jinja2", "markupsafe", "flask", "werkzeug", "click", "itsdangerous"),
        *("fastapi", "starlette", "mangum", "django", "bs4", "soupsieve", "crhelper"),
        *("cfnresponse", "elasticsearch", "opensearchpy", "requests_aws4auth", "openai"),
        *("langchain", "tiktoken", "slack_sdk", "stripe", "paramiko", "setuptools", "pip"),
        *("pkg_resources", "packaging", "tenacity", "tqdm", "regex", "google", "grpc"),
    )
)
"""Packages that are often copied in beside a handler without the metadata of an installation."""

_REQUIREMENT = pattern(r"\s*([A-Za-z0-9][\w-]*)\s*(?:[<>=!~;\[#]|$)")
"""A line that names a distribution, perhaps with its version; no path, no address, no option."""

_MAX_METADATA_BYTES = 1_000_000


def vendored_names(folder: str, names: AbstractSet[str]) -> set[str]:
    """Return which of a folder's entries belong to packages that were installed into it.

    An installation is known by the `.dist-info` folder beside it ("Recording installed
    projects" of the Python packaging guide); a folder that is one of the well-known packages,
    or that `requirements.txt` beside it names, by its name and its `__init__.py`.
    """
    vendored = set()
    known = _KNOWN_PACKAGES | _required(folder, names)
    for name in names:
        if name.endswith(".dist-info"):
            vendored.add(name)
            for top in _top_level(os.path.join(folder, name), name):
                vendored.update({top, f"{top}.py"} & names)
        elif (
            name == "six.py"
            or name.endswith((".egg-info", ".egg"))
            or (name in known and _is_package(os.path.join(folder, name)))
        ):
            vendored.add(name)
    return vendored


def _required(folder: str, names: AbstractSet[str]) -> set[str]:
    """Return the names under which the packages of `requirements.txt` would be installed."""
    if "requirements.txt" not in names:
        return set()
    listed = map(_REQUIREMENT.match, _lines(os.path.join(folder, "requirements.txt")))
    return {found[1].replace("-", "_") for found in listed if found}


def is_build_output(folder: str, name: str, beside: Collection[str]) -> bool:
    """Tell whether `name` in `folder` is what a build wrote, by what stands beside it."""
    match name:
        case "build":
            if "build.gradle" in beside or "build.gradle.kts" in beside:
                return True
            inside = _entries(os.path.join(folder, name))
            return any(entry == "lib" or entry.startswith("bdist.") for entry in inside) and (
                "setup.py" in beside or "pyproject.toml" in beside
            )
        case "dist":
            if "tsconfig.json" in beside or "package.json" in beside:
                return True
            inside = _entries(os.path.join(folder, name))
            return bool(inside) and all(entry.endswith((".whl", ".tar.gz")) for entry in inside)
        case "target":
            return "pom.xml" in beside or "Cargo.toml" in beside
        case _:
            return False


def _is_package(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "__init__.py"))


def _entries(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _top_level(dist_info: str, name: str) -> set[str]:
    """Return the importable names of an installed distribution."""
    listed = _lines(os.path.join(dist_info, "top_level.txt"))
    if not listed:
        record = _lines(os.path.join(dist_info, "RECORD"))
        listed = [line.split(",", 1)[0].split("/", 1)[0].removesuffix(".py") for line in record]
    tops = {line.strip() for line in listed}
    tops.add(name.removesuffix(".dist-info").rsplit("-", 1)[0])
    return tops


def _lines(path: str) -> list[str]:
    """Return the lines of a small metadata file that is no link; none if it cannot be read."""
    try:
        if os.path.islink(path) or not os.path.isfile(path):
            return []
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(_MAX_METADATA_BYTES).splitlines()
    except OSError:
        return []
