"""The scanned folder: what is listed, what can be read, and that nothing outside it is."""

import os
import shutil
from pathlib import Path

import pytest
from folders import write

from stockade.load import tree
from stockade.load.sources import MAX_FILE_BYTES, Folder
from stockade.model import SourceFile, Unknown
from stockade.model.memory import Memory


def text(folder: Folder, path: str) -> str:
    """Return the text of a file that can be read."""
    read = folder.read(path)
    assert isinstance(read, SourceFile)
    return read.text


def why(folder: Folder, path: str) -> str:
    """Return why a file cannot be read."""
    read = folder.read(path)
    assert isinstance(read, Unknown)
    assert read.at.path == path
    return read.why


def test_lists_own_files_sorted(tmp_path: Path) -> None:
    """Files are listed sorted, with forward slashes."""
    folder = write(tmp_path, {"b.py": "", "a/z.py": "", "a/b/c.py": "", "a.py": ""})

    assert folder.files == ["a.py", "a/b/c.py", "a/z.py", "b.py"]
    assert folder.files_below("a") == ("a/b/c.py", "a/z.py")
    assert folder.files_below("a/") == ("a/b/c.py", "a/z.py")
    assert folder.files_below(".") == tuple(folder.files)
    assert folder.files_below("nothing") == ()
    assert folder.files_below("../other") == ()


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "node_modules/x/index.js",
        "src/.aws-sam/build/template.yaml",
        ".serverless/state.json",
        "cdk.out/Stack.template.json",
        "env/lib/python3.11/site-packages/x.py",
        "src/__pycache__/x.py",
    ],
)
def test_leaves_out_what_is_not_the_authors(tmp_path: Path, path: str) -> None:
    """Packages, environments and build output are not listed, but known and readable."""
    folder = write(tmp_path, {"app.py": "", path: "content"})

    assert folder.files == ["app.py"]
    assert folder.is_vendored(path)
    assert not folder.is_vendored("app.py")
    assert folder.is_file(path)
    assert text(folder, path) == "content"


def test_build_output_can_be_listed_when_asked_for(tmp_path: Path) -> None:
    """A front end may ask for the files of a folder that the walk leaves out."""
    folder = write(tmp_path, {"cdk.out/a.json": "", "cdk.out/b/c.json": ""})

    assert folder.skipped_files_below("cdk.out") == ("cdk.out/a.json", "cdk.out/b/c.json")
    assert folder.skipped_files_below("missing") == ()
    assert folder.skipped_files_below("..") == ()


def test_knows_a_virtual_environment_by_its_marker(tmp_path: Path) -> None:
    """A folder with `pyvenv.cfg` is an environment, whatever its name."""
    folder = write(tmp_path, {"mine/pyvenv.cfg": "", "mine/bin/x.py": "", "app.py": ""})

    assert folder.files == ["app.py"]
    assert folder.is_vendored("mine/bin/x.py")


@pytest.mark.parametrize("left", [(), ("bin/x.py", "lib/y.py", "Lib/z.py")])
def test_an_environment_made_in_the_folder_of_the_code_hides_no_code(
    left: tuple[str, ...], tmp_path: Path
) -> None:
    """Its own folders are passed over, what stands beside them is the author's."""
    names = ["api/pyvenv.cfg", "api/app.py", "api/src/x.py", *(f"api/{one}" for one in left)]
    folder = write(tmp_path, dict.fromkeys(names, ""))

    assert [one for one in folder.files if one.endswith(".py")] == ["api/app.py", "api/src/x.py"]


def test_knows_packages_by_what_their_installation_wrote(tmp_path: Path) -> None:
    """What a `.dist-info` folder lists is vendored; the handler beside it is not."""
    folder = write(
        tmp_path,
        {
            "src/app.py": "",
            "src/helper.py": "",
            "src/foo/__init__.py": "",
            "src/single.py": "",
            "src/Foo_Bar-1.0.dist-info/RECORD": "foo/__init__.py,sha256=x,0\nsingle.py,,\n",
            "src/other/__init__.py": "",
            "src/Other-2.0.dist-info/top_level.txt": "other\n",
        },
    )

    assert folder.files == ["src/app.py", "src/helper.py"]
    assert folder.is_vendored("src/foo/__init__.py")
    assert folder.is_vendored("src/single.py")
    assert folder.is_vendored("src/other/__init__.py")


def test_knows_well_known_packages_copied_in(tmp_path: Path) -> None:
    """A copied `requests` package is vendored; a folder of that name without code is not."""
    folder = write(
        tmp_path,
        {
            "a/requests/__init__.py": "",
            "a/botocore/__init__.py": "",
            "b/requests/create.json": "{}",
        },
    )

    assert folder.files == ["b/requests/create.json"]


def test_knows_packages_that_requirements_beside_them_name(tmp_path: Path) -> None:
    """A package installed beside its `requirements.txt` is vendored; a local one is not."""
    folder = write(
        tmp_path,
        {
            "requirements.txt": "some-client>=1.2  # pinned\n-e ./mine\n./mine\n",
            "some_client/__init__.py": "",
            "mine/__init__.py": "",
        },
    )

    assert folder.is_vendored("some_client/__init__.py")
    assert not folder.is_vendored("mine/__init__.py")


@pytest.mark.parametrize(
    ("marker", "output"),
    [
        ("package.json", "dist/index.js"),
        ("setup.py", "build/lib/x.py"),
        ("build.gradle", "build/classes/x.json"),
        ("pom.xml", "target/classes/x.json"),
        ("x.py", "dist/x-1.0.whl"),
    ],
)
def test_knows_build_output_by_its_markers(tmp_path: Path, marker: str, output: str) -> None:
    """A build folder is known by what stands beside it."""
    folder = write(tmp_path, {marker: "", output: ""})

    assert folder.files == [marker]
    assert folder.is_vendored(output)


def test_keeps_folders_that_only_have_the_name_of_build_output(tmp_path: Path) -> None:
    """A folder named `build` or `dist` is the author's own where nothing builds."""
    folder = write(tmp_path, {"build/handler.py": "", "dist/handler.py": "", "target/x.py": ""})

    assert folder.files == ["build/handler.py", "dist/handler.py", "target/x.py"]


def test_tells_files_folders_and_nothing_apart(tmp_path: Path) -> None:
    """Files, folders and absent paths are told apart, in and below walked folders."""
    folder = write(tmp_path, {"a/b.py": "", "node_modules/x/y.js": ""})

    assert folder.is_file("a/b.py")
    assert folder.is_file("a/../a/./b.py")
    assert folder.is_folder("a")
    assert folder.is_folder("")
    assert folder.is_folder(".")
    assert folder.is_folder("node_modules/x")
    assert folder.is_file("node_modules/x/y.js")
    for path in ("a", "a/c.py", "a/b.py/c", "c/d", "node_modules/z", "", "..", "/etc/passwd"):
        assert not folder.is_file(path)
    for path in ("a/b.py", "c", "..", "/etc", "a/../..", "a\0b"):
        assert not folder.is_folder(path)


@pytest.mark.parametrize("path", ["../secret", "a/../../secret", "/etc/passwd", "..", "a\0b"])
def test_never_reads_outside_the_folder(tmp_path: Path, path: str) -> None:
    """A path that leads out of the folder is refused, whatever is there."""
    (tmp_path / "secret").write_text("secret")
    folder = write(tmp_path / "scanned", {"a/b": ""})

    assert why(folder, path) == "it lies outside the scanned folder"


def test_refuses_links_that_leave_the_folder(tmp_path: Path) -> None:
    """Links to files and folders outside are not followed, and told."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.py").write_text("secret")
    folder = write(tmp_path / "scanned", {"app.py": ""})
    (tmp_path / "scanned" / "file.py").symlink_to(tmp_path / "outside" / "secret.py")
    (tmp_path / "scanned" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "scanned" / "hop").symlink_to("folder")

    assert folder.files == ["app.py"]
    assert sorted(one.at.path for one in folder.unseen) == ["file.py", "folder", "hop"]
    assert {one.kind for one in folder.unseen} == {"link"}
    for path in ("file.py", "folder/secret.py", "hop/secret.py"):
        assert not folder.is_file(path)
        assert why(folder, path) == "it lies outside the scanned folder"


def test_follows_links_that_stay_inside(tmp_path: Path) -> None:
    """A link to a shared file or folder inside is followed; the folder is not listed twice."""
    folder = write(tmp_path, {"shared/util.py": "util", "f/app.py": ""})
    (tmp_path / "f" / "shared").symlink_to("../shared")
    (tmp_path / "f" / "one.py").symlink_to("../shared/util.py")

    assert folder.files == ["f/app.py", "f/one.py", "shared/util.py"]
    assert folder.is_file("f/shared/util.py")
    assert folder.is_folder("f/shared")
    assert text(folder, "f/shared/util.py") == "util"
    assert folder.unseen == ()


def test_links_in_circles_end(tmp_path: Path) -> None:
    """Links that lead to themselves, or to a folder above, do not hang the walk."""
    folder = write(tmp_path, {"a/app.py": ""})
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "self").symlink_to("self")

    assert folder.files == ["a/app.py"]
    assert not folder.is_file("a/self")
    assert isinstance(folder.read("a/self"), Unknown)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A named pipe is no file, and reading it does not wait for a writer."""
    folder = write(tmp_path, {"app.py": ""})
    os.mkfifo(tmp_path / "pipe.yaml")

    assert folder.files == ["app.py"]
    assert why(folder, "pipe.yaml") == "it is not a file"


def test_reads_utf8_with_its_line_ends(tmp_path: Path) -> None:
    """The byte order mark goes, the line ends stay."""
    folder = write(tmp_path, {})
    (tmp_path / "a.yaml").write_bytes("\ufeffä: 1\r\nb: 2\n".encode())

    assert text(folder, "a.yaml") == "ä: 1\r\nb: 2\n"


def test_reads_code_in_the_latin_encoding_that_it_declares(tmp_path: Path) -> None:
    """Python code may declare a Latin encoding in its first two lines."""
    folder = write(tmp_path, {})
    (tmp_path / "a.py").write_bytes(b"#!x\n# -*- coding: latin-1 -*-\nx = '\xe4'\n")

    assert text(folder, "a.py").endswith("x = 'ä'\n")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        (b"a\0b", "it is not UTF-8 text"),
        (b"# coding: zlib\n\xff", "it is not UTF-8 text"),
        (b"x" * (MAX_FILE_BYTES + 1), "it is larger than 5 MB"),
    ],
)
def test_says_why_a_file_is_not_read(tmp_path: Path, content: bytes, reason: str) -> None:
    """What is no text, or too large, is not read, and the reason is given."""
    (tmp_path / "a.py").write_bytes(content)

    assert why(Folder(tmp_path), "a.py") == reason


def test_says_when_there_is_no_such_file(tmp_path: Path) -> None:
    """A missing file and a folder are told as such."""
    folder = write(tmp_path, {"a/b": ""})

    assert why(folder, "missing.py") == "there is no such file"
    assert why(folder, "a") == "it is a folder"
    assert why(folder, "a/b/c") == "there is no such file"


def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is not listed, and told with a name that can be printed."""
    try:
        (tmp_path / os.fsdecode(b"bad\xff.py")).write_text("")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    folder = Folder(tmp_path)

    assert list(folder.files) == []
    (missed,) = folder.unseen
    assert missed.at.path == "bad\ufffd.py"


def test_a_text_is_kept_for_a_second_reading(tmp_path: Path) -> None:
    """A file is read from the disk once."""
    folder = write(tmp_path, {"a.py": "one"})

    first = folder.read("a.py")
    (tmp_path / "a.py").write_text("two")

    assert folder.read("a.py") is first


def test_renewal_tells_what_changed_and_forgets_it(tmp_path: Path) -> None:
    """What came, went or says something else is seen after a renewal, and not before."""
    write(tmp_path, {"a.py": "old", "b.py": "", "d/c.py": ""})
    folder = Folder(tmp_path, Memory())
    assert text(folder, "a.py") == "old"
    assert folder.is_folder("d")

    (tmp_path / "a.py").write_text("new")
    (tmp_path / "b.py").unlink()
    shutil.rmtree(tmp_path / "d")
    write(tmp_path, {"e/f/g.py": ""})
    assert text(folder, "a.py") == "old"

    folder.renew(["a.py", "b.py", "d", "e/f/g.py"])
    assert text(folder, "a.py") == "new"
    assert folder.files == ["a.py", "e/f/g.py"]
    assert not folder.is_folder("d")


@pytest.mark.parametrize(("limit", "value"), [("MAX_ENTRIES", 6), ("_MAX_UNSEEN", 1)])
def test_tree_beyond_its_limits_is_walked_as_a_whole(
    limit: str, value: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where something was left out, a renewal gives what a walk from the start gives."""
    monkeypatch.setattr(tree, limit, value)
    write(tmp_path, {"a/1.py": "", "a/2.py": "", "b/3.py": ""})
    for name in ("x", "y"):
        (tmp_path / name).symlink_to("/etc")
    folder = Folder(tmp_path, Memory())
    assert folder.files
    for name in ("b/4.py", "b/5.py", "a/1.py"):
        (tmp_path / name).touch()
        folder.renew([name])
        fresh = Folder(tmp_path)
        assert folder.files == fresh.files
        assert set(folder.unseen) == set(fresh.unseen)
    (tmp_path / "y").unlink()
    shutil.rmtree(tmp_path / "b")
    folder.renew(["y", "b"])
    assert folder.files == ["a/1.py", "a/2.py"]
    assert len(folder.unseen) == 1
