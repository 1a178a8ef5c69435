"""Python as the intermediate form: each construct, and what is kept of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from intermediate import everything, functions, lower

from stockade.analysis.code import ir
from stockade.analysis.code.dump import dump

SAMPLES = Path(__file__).parent / "lowering"


def samples() -> Iterator[object]:
    """Yield a title, Python code and the expected form of each sample."""
    for path in sorted(SAMPLES.glob("*.txt")):
        for sample in path.read_text("utf-8").split("===\n"):
            source, _, expected = sample.partition("---\n")
            title = source.partition("\n")[0].removeprefix("# ")
            yield pytest.param(source, expected, id=f"{path.stem}: {title}")


@pytest.mark.parametrize(("source", "expected"), list(samples()))
def test_each_construct_is_lowered_as_its_sample_shows(source: str, expected: str) -> None:
    """The samples pair Python code with its intermediate form."""
    assert dump(lower(source)) == expected


def test_type_parameters_and_aliases_change_nothing_at_run_time() -> None:
    """`type` assigns its value; type parameters are left out."""
    source = "type Items[T] = list[T]\ndef f[T](a: T) -> T: return a\nclass C[T](B): pass\n"
    expected = (
        "<module>()\n  locals C Items f\n  Items = list[T]\n  f = <f>\n    f(a: T)\n"
        "      locals a\n      return a\n  class C(B)\n    C()\n"
    )
    assert dump(lower(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('x = f"{a["b"]}"', "format{a['b']}"),
        ("x = f'{a['b']}c' # f'{'", "format{a['b'], 'c'}"),
        (
            'x = f"{", ".join(a)} {b["c"]:>{w["d"]}}"',
            "format{', '.join(a), ' ', format(b['c'], format{'>', w['d']})}",
        ),
        ('x = f"{a["b"]}" f"{c("d", e[f"{g}"])}"', "format{a['b'], c('d', e[format{g}])}"),
        ('x = f"""{f"""{a}"""}"""', "format{format{a}}"),
    ],
)
def test_f_strings_may_hold_the_same_quotes(source: str, expected: str) -> None:
    """What Python 3.12 allows in the braces (PEP 701) is read by Python 3.11 too."""
    assert dump(lower(source)) == f"<module>()\n  locals x\n  x = {expected}\n"


def test_template_strings_are_given_to_a_library() -> None:
    """What flows into a t-string is known, what becomes of it is not."""
    assert "<t-string>('a', b)" in dump(lower('x = t"a{b}"'))


def test_a_body_is_lowered_when_it_is_asked_for_and_once() -> None:
    """Code that nothing reaches costs nothing, and nodes can be told apart by identity."""
    code = functions(lower("def f():\n    return g()\n"))["f"]
    assert code.body is code.body
    assert isinstance(code.body[0], ir.Return)


def test_module_level_global_statements_mean_nothing() -> None:
    """A module's names are its own, declared or not."""
    code = lower("global a\na = 1\n")
    assert code.locals == {"a"}
    assert code.globals == frozenset()


def depth(node: object) -> int:
    """Return how deep nodes nest in each other, functions not counted."""
    deepest, waiting = 0, [(node, 0)]
    while waiting:
        current, level = waiting.pop()
        deepest = max(deepest, level)
        if isinstance(current, tuple) and not isinstance(current, ir.Span):
            waiting += [(each, level) for each in current]
        elif type(current).__module__ == ir.__name__ and not isinstance(current, ir.Code):
            slots = getattr(current, "__slots__", ())
            waiting += [(getattr(current, name), level + 1) for name in slots]
    return deepest


@pytest.mark.parametrize(
    "source",
    [
        "x = " + " + ".join("abcde" * 180),
        "x = " + " - ".join("abcde" * 180),
        "x = " + "a + b - c * d + " * 200 + "e",
        "x = a" + ".b()" * 300,
        "x = a" + "[0]" * 300,
        "x = " + "a if b else " * 300 + "c",
        "x = " + "lambda: " * 300 + "a",
        "if a: pass\n" + "elif b: f()\n" * 300,
        "match a:\n" + "  case {'k': 1} if b: f()\n" * 300,
        "@a\n" * 300 + "def f(): pass",
        "with " + ", ".join(["a"] * 300) + ": pass",
        "match a:\n  case " + "[" * 80 + "b" + "]" * 80 + ": f()",
    ],
    ids=lambda source: source[:12],
)
def test_what_is_nested_without_end_is_bounded(source: str) -> None:
    """Whoever walks the form needs no more than a few hundred steps down."""
    code = lower(source)
    assert depth(code.body) < 250
    assert list(everything(code))


def test_what_is_too_deep_still_tells_what_flows_in() -> None:
    """The names that an opaque expression reads are its inputs."""
    [opaque] = [
        node for node in everything(lower("x = secret" + ".a" * 300)) if type(node) is ir.Opaque
    ]
    assert [each.name for each in opaque.inputs if isinstance(each, ir.Name)] == ["secret"]


def test_a_cut_chain_of_branches_still_takes_one_branch() -> None:
    """The rest of a long chain runs only where none of the branches before it was taken."""
    chain = "".join(f"elif a == {i}: f{i}()\n" for i in range(1, 40))
    form = dump(lower("if a == 0: f0()\n" + chain + "else: other()\n"))
    before, middle, after = form.partition("untaken'33'1 = True\n")
    assert "  untaken'33'1 = False\n  if (a == 0)\n" in before
    assert "f31()" in before
    assert middle
    assert after.startswith("  if untaken'33'1\n    if (a == 32)\n      f32()\n")
    assert after.rstrip().endswith("other()")
