"""Data of an event is followed through JavaScript and TypeScript as through Python."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from javascript_runs import run

from stockade.analysis.facts import OriginKind
from stockade.model import EventSourceType

CASES = Path(__file__).parent / "flows_js"
EXPECTED = re.compile(r"// flow: (\S+) (.+?)(?= // flow:|$)")


def cases() -> Iterator[Any]:
    """Read the snippets: each begins with `// === name`; TypeScript's are in `.ts` files."""
    for path in sorted(CASES.iterdir()):
        for part in re.split(r"^// === ", path.read_text(), flags=re.MULTILINE)[1:]:
            name, _, code = part.partition("\n")
            yield pytest.param(name, code, path.suffix, id=f"{path.stem}: {name}")


@pytest.mark.parametrize(("name", "code", "ending"), list(cases()))
def test_flows_are_those_that_the_comments_name(
    name: str, code: str, ending: str, tmp_path: Path
) -> None:
    """Each snippet has exactly the flows that its comments promise, on their lines."""
    (tmp_path / f"app{ending}").write_text(code)
    kind = name.partition(":")[0]

    done = run(tmp_path, kind if kind in set(EventSourceType) else "http-api", f"app{ending}")

    expected = {
        (number, match[1], match[2].strip())
        for number, line in enumerate(code.splitlines(), start=1)
        for match in EXPECTED.finditer(line)
    }
    found = {
        (hit.site.span.line, hit.kind, hit.taint.data.field)
        for hit in done.hits
        if hit.kind not in ("log", "object-key", "any-file")
        or hit.taint.data.kind is OriginKind.SECRET
    }
    assert found == expected
    assert not done.unseen


@settings(max_examples=40)
@given(st.data())
def test_no_mutation_of_code_stops_the_run(data: st.DataObject) -> None:
    """Snippets with pieces cut out or doubled are followed as far as they go, without an error."""
    text = data.draw(st.sampled_from([each.values[1] for each in cases()]))
    start = data.draw(st.integers(0, len(text)))
    end = start + data.draw(st.integers(0, 60))
    mutated = text[:start] + text[start:end] * data.draw(st.sampled_from([0, 2])) + text[end:]
    with TemporaryDirectory() as folder:
        (Path(folder) / "app.ts").write_text(mutated)
        run(Path(folder), "http-api", "app.ts")
