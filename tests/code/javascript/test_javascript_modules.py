"""Imports of JavaScript are found as Node.js, TypeScript and bundlers find them."""

from pathlib import Path

import pytest

from stockade.analysis.code import ir
from stockade.analysis.code.javascript.modules import JavaScriptModules
from stockade.analysis.code.modules import ExternalModule
from stockade.load.sources import Folder
from stockade.model import SourceFile, Unseen


def found(
    folder: Path, module: str, importer: str = "src/app.ts", roots: tuple[str, ...] = ("src",)
) -> str:
    """Return the path of the file that an import finds, or the library's name."""
    resolved = JavaScriptModules(Folder(folder), roots).resolve(
        module, 0, SourceFile(importer, "")
    )
    assert not isinstance(resolved, Unseen)
    return resolved.file.path if isinstance(resolved, ir.Module) else resolved.name


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files by their paths."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("./a", "src/a.ts"),
        ("./a.js", "src/a.ts"),
        ("./b", "src/b/index.js"),
        ("./c", "src/c/lib/main.mjs"),
        ("../d", "d.cjs"),
        ("./data.json", "src/data.json"),
        ("..", "index.js"),
        ("@lib/e", "src/lib/e.ts"),
        ("lib/e", "src/lib/e.ts"),
        ("#f", "src/f.js"),
        ("@scope/g", "packages/g/src/index.ts"),
        ("@scope/g/h", "packages/g/h.ts"),
        ("/opt/nodejs/i.mjs", "layer/nodejs/i.mjs"),
        ("fs", "node:fs"),
        ("node:fs/promises", "node:fs.promises"),
        ("axios", "npm:axios"),
        ("@aws-sdk/client-s3", "npm:@aws-sdk/client-s3"),
        ("./missing", "../missing"),
        ("../../outside", ".../../outside"),
    ],
)
def test_each_way_to_name_a_module_leads_to_its_file(
    module: str, path: str, tmp_path: Path
) -> None:
    """Endings, folders, packages, aliases, workspaces and layers are followed; others are not."""
    write(
        tmp_path,
        {
            "package.json": '{"workspaces": ["packages/*"], "imports": {"#f": "./src/f.js"}}',
            "index.js": "",
            "d.cjs": "",
            "tsconfig.json": '{/* a */ "compilerOptions": {"baseUrl": "./src", '
            '"paths": {"@lib/*": ["lib/*"],},},}',
            "src/app.ts": "",
            "src/a.ts": "",
            "src/b/index.js": "",
            "src/c/package.json": '{"main": "./lib/main.mjs"}',
            "src/c/lib/main.mjs": "",
            "src/data.json": '{"a": 1}',
            "src/lib/e.ts": "",
            "src/f.js": "",
            "packages/g/package.json": '{"name": "@scope/g", "main": "dist/index.js"}',
            "packages/g/src/index.ts": "",
            "packages/g/h.ts": "",
            "layer/nodejs/i.mjs": "",
            "layer/nodejs/node_modules/j/index.js": "",
        },
    )
    roots = ("src", "layer/nodejs/node_modules")

    assert found(tmp_path, module, roots=roots) == path


def test_data_in_json_is_read(tmp_path: Path) -> None:
    """A JSON file is a module that exports its value, on its own lines."""
    write(tmp_path, {"src/data.json": '{\n"a": "b"}'})
    modules = JavaScriptModules(Folder(tmp_path), ("src",))

    module = modules.resolve("./data.json", 0, SourceFile("src/app.js", ""))

    assert isinstance(module, ir.Module)
    (statement,) = module.code.body
    assert isinstance(statement, ir.Assign)
    assert module.file.at(*statement.value.span).line == 1


@pytest.mark.parametrize(
    "text", ["{", "[" * 50_000, '{"compilerOptions": {"paths": {"*": [1]}}}', "[]"]
)
def test_broken_descriptions_say_nothing(text: str, tmp_path: Path) -> None:
    """What a description says wrongly is as if it were not there."""
    write(tmp_path, {"package.json": text, "tsconfig.json": text, "src/app.ts": ""})
    assert found(tmp_path, "x/y") == "npm:x/y"
    assert found(tmp_path, "#x") == ".#x"


def test_configurations_that_extend_each_other_end(tmp_path: Path) -> None:
    """A circle of `extends` is followed a few times only."""
    write(tmp_path, {"tsconfig.json": '{"extends": "./tsconfig"}', "src/app.ts": ""})
    assert found(tmp_path, "x") == "npm:x"


def test_the_same_file_is_the_same_module(tmp_path: Path) -> None:
    """Imports that go in circles come back to where they began."""
    write(tmp_path, {"src/a.js": "", "src/b.js": ""})
    modules = JavaScriptModules(Folder(tmp_path), ("src",))
    importer = SourceFile("src/b.js", "")
    first = modules.resolve("./a", 0, importer)
    assert first is modules.resolve("./a.js", 0, importer)
    assert not isinstance(first, ExternalModule)
