"""What an import means: a file of the application, or a library."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pytest

from stockade.analysis.code.modules import ExternalModule, Found, ModuleCache, Modules
from stockade.analysis.code.python import Module
from stockade.model import Location, SourceFile, Unknown, Unseen

_Made = TypeVar("_Made")


class Files:
    """Files in memory, as `Sources`. `reads` counts what was read."""

    def __init__(self, files: Mapping[str, str], vendored: Sequence[str] = ()) -> None:
        self.files = files
        self.vendored = tuple(vendored)
        self.reads: list[str] = []

    def read(self, path: str) -> SourceFile | Unknown:
        """Read a file."""
        self.reads.append(path)
        if path not in self.files:
            return Unknown("there is no such file", Location(path, 1))
        return SourceFile(path, self.files[path])

    def is_file(self, path: str) -> bool:
        """Tell whether `path` is a file."""
        return path in self.files

    def is_folder(self, path: str) -> bool:
        """Tell whether `path` is a folder."""
        return any(file.startswith(f"{path}/") for file in self.files)

    def files_below(self, folder: str) -> Sequence[str]:
        """List files."""
        prefix = f"{folder}/" if folder else ""
        files = (path for path in self.files if path.startswith(prefix))
        return sorted(path for path in files if not self.is_vendored(path))

    def worked_out(self, path: str, work: Callable[[SourceFile], _Made]) -> _Made | Unknown:
        """Work it out of the file."""
        file = self.read(path)
        return file if isinstance(file, Unknown) else work(file)

    def afresh(self) -> "Files":
        """Return the same: nobody asks again."""
        return self

    def document(self, path: str) -> Unknown:
        """Tell that there are no documents."""
        return Unknown("there is no such file", Location(path, 1))

    def is_vendored(self, path: str) -> bool:
        """Tell whether `path` is vendored."""
        return any(path == each or path.startswith(f"{each}/") for each in self.vendored)


FILES = {
    "app/src/handler.py": "",
    "app/src/helpers.py": "",
    "app/src/data/__init__.py": "",
    "app/src/data/store.py": "",
    "app/src/data.py": "",
    "app/src/space/deep/inner.py": "",
    "app/src/space/time.py": "",
    "app/src/json/notes.py": "",
    "app/src/email.py": "",
    "app/src/sys.py": "",
    "app/src/events/put.json": "{}",
    "app/src/broken.py": "def (:",
    "app/src/requests/__init__.py": "",
    "app/layer/python/shared.py": "",
    "app/layer/python/helpers.py": "",
    "app/layer/python/space/other.py": "",
    "app/common/log.py": "",
    "app/src/jobs/run.py": "",
    "app/src/jobs/beside.py": "",
    "app/src/jobs/yaml/x.py": "",
}
HANDLER = SourceFile("app/src/handler.py", "")
STORE = SourceFile("app/src/data/store.py", "")
PACKAGE = SourceFile("app/src/data/__init__.py", "")
JOB = SourceFile("app/src/jobs/run.py", "")


@pytest.fixture
def modules() -> Modules:
    """Return the modules of a function with one layer."""
    sources = Files(FILES, vendored=["app/src/requests"])
    return Modules(sources, ("app/src", "app/layer/python"))


def name(found: Found | None) -> str | None:
    """Say what was found: a path, or the name of a library in brackets."""
    match found:
        case Module():
            return found.file.path
        case ExternalModule():
            return f"({found.name})"
        case Unseen():
            return f"unseen {found.at.path}"
        case None:
            return None


@pytest.mark.parametrize(
    ("module", "level", "importer", "expected"),
    [
        ("helpers", 0, HANDLER, "app/src/helpers.py"),
        ("shared", 0, HANDLER, "app/layer/python/shared.py"),
        ("data", 0, HANDLER, "app/src/data/__init__.py"),
        ("data.store", 0, HANDLER, "app/src/data/store.py"),
        ("data.missing", 0, HANDLER, "(data.missing)"),
        ("helpers.part", 0, HANDLER, "(helpers.part)"),
        ("space.deep.inner", 0, HANDLER, "app/src/space/deep/inner.py"),
        ("space.other", 0, HANDLER, "app/layer/python/space/other.py"),
        ("space.time", 0, HANDLER, "app/src/space/time.py"),
        ("boto3", 0, HANDLER, "(boto3)"),
        ("boto3.dynamodb.conditions", 0, HANDLER, "(boto3.dynamodb.conditions)"),
        ("requests", 0, HANDLER, "(requests)"),
        ("requests.auth", 0, HANDLER, "(requests.auth)"),
        ("Helpers", 0, HANDLER, "(Helpers)"),
        ("events", 0, HANDLER, "(events)"),
        ("email", 0, HANDLER, "app/src/email.py"),
        ("json", 0, HANDLER, "(json)"),
        ("sys", 0, HANDLER, "(sys)"),
        ("broken", 0, HANDLER, "unseen app/src/broken.py"),
        ("broken.part", 0, HANDLER, "unseen app/src/broken.py"),
        ("beside", 0, JOB, "app/src/jobs/beside.py"),
        ("yaml", 0, JOB, "(yaml)"),
        ("common.log", 0, HANDLER, "app/common/log.py"),
        ("common", 0, HANDLER, "(common)"),
        ("store", 1, STORE, "app/src/data/store.py"),
        ("store", 1, PACKAGE, "app/src/data/store.py"),
        ("", 1, STORE, "app/src/data/__init__.py"),
        ("helpers", 2, STORE, "app/src/helpers.py"),
        ("missing", 1, STORE, "(.missing)"),
        ("boto3", 1, STORE, "(.boto3)"),
        ("x", 9, STORE, "(.........x)"),
    ],
)
def test_imports_are_found_as_python_finds_them(
    modules: Modules, module: str, level: int, importer: SourceFile, expected: str
) -> None:
    """Packages before modules, the code before its layers, vendored packages are libraries."""
    assert name(modules.resolve(module, level, importer)) == expected


@pytest.mark.parametrize(
    ("package", "member", "expected"),
    [
        ("data", "store", "app/src/data/store.py"),
        ("data", "missing", None),
        ("helpers", "data", None),
        ("space", "deep", "app/src/space/deep/__init__.py"),
        ("space", "other", "app/layer/python/space/other.py"),
    ],
)
def test_a_member_may_be_a_file_of_the_package(
    modules: Modules, package: str, member: str, expected: str | None
) -> None:
    """`from data import store` finds `data/store.py` where the package has no such name."""
    found = modules.resolve(package, 0, HANDLER)
    assert isinstance(found, Module)
    assert name(modules.submodule(found.file.path, member)) == expected


def test_a_folder_without_init_is_a_package_without_code(modules: Modules) -> None:
    """Namespace packages need no kind of their own."""
    found = modules.resolve("space", 0, HANDLER)
    assert isinstance(found, Module)
    assert found.code.body == ()
    assert modules.unseen == ()


def test_a_relative_import_finds_the_folder_it_stands_in(modules: Modules) -> None:
    """`from . import beside` works without `__init__.py`."""
    found = modules.resolve("", 1, JOB)
    assert isinstance(found, Module)
    assert name(modules.submodule(found.file.path, "beside")) == "app/src/jobs/beside.py"


def test_folders_may_begin_with_a_dot() -> None:
    """A root is a path, and kept as it is."""
    modules = Modules(Files({".build/helpers.py": ""}), ("./.build/",))
    assert name(modules.resolve("helpers", 0, HANDLER)) == ".build/helpers.py"


def test_the_same_file_is_the_same_module_however_it_is_imported(modules: Modules) -> None:
    """Cyclic imports come back to where they began."""
    handler = modules.load(HANDLER)
    assert modules.resolve("handler", 0, STORE) is handler
    assert modules.resolve("handler", 2, STORE) is handler
    assert modules.resolve("data.store", 0, HANDLER) is modules.resolve("store", 1, PACKAGE)


def test_what_cannot_be_read_is_told_once(modules: Modules) -> None:
    """Two imports of a broken file are one line of the report."""
    modules.resolve("broken", 0, HANDLER)
    modules.resolve("broken", 0, STORE)
    assert [(unseen.at.path, unseen.kind) for unseen in modules.unseen] == [
        ("app/src/broken.py", "code")
    ]


def test_a_file_is_parsed_once_for_all_functions_that_share_it() -> None:
    """Functions of one application mostly share their helpers."""
    cache, sources = ModuleCache(), Files(FILES)
    found = [
        Modules(sources, ("app/src",), cache).resolve("helpers", 0, HANDLER) for _ in range(2)
    ]
    assert found[0] is found[1]


def test_two_functions_written_in_one_template_are_two_modules() -> None:
    """Inline code has its template's path: the text tells one from the other."""
    modules = Modules(Files(FILES), ())
    first = modules.load(SourceFile("template.yaml", "a = 1", 3, 5))
    second = modules.load(SourceFile("template.yaml", "b = 1", 9, 5))
    assert isinstance(first, Module)
    assert isinstance(second, Module)
    assert [*first.code.locals, *second.code.locals] == ["a", "b"]


def test_the_cache_is_bounded() -> None:
    """What was not asked for the longest is dropped; who still uses it keeps it."""
    cache = ModuleCache(limit=120)
    files = [SourceFile(f"{i}.py", f"x = '{'a' * 30}'") for i in range(4)]
    first, second, _ = [cache.module(file) for file in files[:3]]
    assert cache.module(files[0]) is first
    cache.module(files[3])
    assert cache.module(files[0]) is first
    assert cache.module(files[1]) is not second


@pytest.mark.parametrize("roots", [("",), (".",), ("./",), ("/",), ()])
def test_the_root_may_be_the_scanned_folder(roots: tuple[str, ...]) -> None:
    """However it is written; and without roots, what lies beside the importer is found."""
    modules = Modules(Files({"handler.py": "", "helpers.py": ""}), roots)
    importer = SourceFile("handler.py", "")
    assert name(modules.resolve("helpers", 0, importer)) == "helpers.py"
    assert name(modules.resolve("helpers", 1, importer)) == "helpers.py"


def test_what_a_build_lays_beside_the_code_is_found_in_a_shared_folder() -> None:
    """`a/app.py` finds `shared/ours.py`, and nothing of another function's folder."""
    files = Files({"jobs/a/app.py": "", "jobs/shared/ours.py": "", "jobs/b/theirs.py": ""})
    modules = Modules(files, ("jobs/a",))
    importer = SourceFile("jobs/a/app.py", "")
    assert name(modules.resolve("ours", 0, importer)) == "jobs/shared/ours.py"
    assert name(modules.resolve("theirs", 0, importer)) == "(theirs)"
