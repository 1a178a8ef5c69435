"""Code of many branches is followed in time that grows as the code does."""

from pathlib import Path

import pytest
from one_function import application

from stockade.analysis.code.modules import ModuleCache
from stockade.analysis.interpreter.core import Core
from stockade.analysis.run import run_handler

CASE = "        case '{0}':\n            found['k{0}'] = event['v{0}']\n"
IF = "    if event['a'] == '{0}':\n        found['k{0}'] = event['v{0}']\n"
BEGIN = "import os\ndef handler(event, context):\n    found = {}\n"
MATCH = f"{BEGIN}    match event['a']:\n"
END = "    os.system(found['k1'])\n"


@pytest.mark.parametrize(("begin", "branch"), [(MATCH, CASE), (BEGIN, IF)])
def test_a_map_that_many_branches_write_to_is_looked_through_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: str, branch: str
) -> None:
    """What a branch left alone in it is not looked at again for what that branch has checked."""
    asked: list[int] = []
    trusted = Core._trusted  # noqa: SLF001 - how often it is called is what counts

    def counted(core: Core, *values: object) -> object:
        asked.append(1)
        return trusted(core, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(Core, "_trusted", counted)
    counts = []
    for size in (600, 1200):
        code = "".join(branch.format(number) for number in range(size))
        (tmp_path / "app.py").write_text(begin + code + END)
        asked.clear()
        run = run_handler(*application(tmp_path, ("http-api",)), ModuleCache())
        counts.append(len(asked))
        assert [hit.taint.data.field for hit in run.hits] == ["v1"]

    assert counts[0] > 0
    # Up to some entries an object is looked through as a whole: that does not grow.
    assert counts[1] < 2.5 * counts[0]


def test_what_a_branch_checked_is_kept_in_a_large_map(tmp_path: Path) -> None:
    """An entry that a branch writes where its data is one of a few is safe after it."""
    code = BEGIN
    code += "".join(f"    found['e{number}'] = 'x'\n" for number in range(300))
    code += (
        "    if event['sort'] in ('a', 'b'):\n        found['sort'] = event['sort']\n"
        "        found['other'] = event['other']\n"
        "    os.system('ls ' + found.get('sort', ''))\n"
        "    os.system('ls ' + found.get('other', ''))\n"
    )
    (tmp_path / "app.py").write_text(code)
    run = run_handler(*application(tmp_path, ("http-api",)), ModuleCache())

    assert [hit.taint.data.field for hit in run.hits] == ["other"]
