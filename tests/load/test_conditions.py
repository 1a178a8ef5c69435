"""Conditions: true, false, or undecided."""

from pathlib import Path

import pytest
from folders import resolved

from stockade.load.parameters import ParameterOptions
from stockade.model import Choice, constant

TEMPLATE = """
Parameters:
  Stage: {{Type: String, Default: dev, AllowedValues: [dev, test, prod]}}
  Only: {{Type: String, Default: x, AllowedValues: [x]}}
  Free: {{Type: String, Default: ''}}
Conditions:
  C: {written}
  Sure: !Equals [a, a]
  Never: !Equals [a, b]
  Open: !Equals [!Ref Free, x]
  Loop: !Not [!Condition Loop]
Resources:
  R:
    Type: AWS::SNS::Topic
    Condition: C
"""


def truth(tmp_path: Path, written: str, options: ParameterOptions | None = None) -> bool | None:
    """Return whether a resource under the condition exists; None where it is undecided."""
    template, _ = resolved(tmp_path, TEMPLATE.format(written=written), options)
    if "R" not in template.resources:
        return False
    return True if template.resources["R"].condition is None else None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("!Equals [a, a]", True),
        ("!Equals [a, A]", False),
        ("!Equals [1, '1']", True),
        ("!Equals [true, 'true']", True),
        ("!Equals [!Ref AWS::Region, eu-west-1]", None),
        ("!Equals [!Ref AWS::Region, !Ref AWS::Region]", True),
        ("!Equals [!Ref Stage, prod]", None),
        ("!Equals [!Ref Stage, live]", False),
        ("!Equals [!Sub 'x-${Stage}', x-dev]", None),
        ("!Equals [!Sub 'x-${Stage}', y-dev]", False),
        ("!Equals [!Ref Only, x]", True),
        ("!Equals [!Ref Free, '']", None),
        ("!Equals [!If [Open, a, b], c]", False),
        ("!Equals [!If [Open, a, b], a]", None),
        ("!Not [!Condition Sure]", False),
        ("!Not [!Condition Open]", None),
        ("!And [!Condition Sure, !Condition Open]", None),
        ("!And [!Condition Never, !Condition Open]", False),
        ("!And [!Condition Sure, !Condition Sure]", True),
        ("!Or [!Condition Sure, !Condition Open]", True),
        ("!Or [!Condition Never, !Condition Open]", None),
        ("!Or [!Condition Never, !Condition Never]", False),
        ("{Condition: Sure}", True),
        ("!Not [{'Fn::Equals': [a, b]}]", True),
        ("!Condition Loop", None),
        ("!Condition Missing", None),
        ("!Sub x", None),
        ("x", None),
        ("true", True),
    ],
)
def test_truth(tmp_path: Path, written: str, expected: bool | None) -> None:  # noqa: FBT001
    """Conditions are decided by what every deployment shares; a default alone decides nothing."""
    assert truth(tmp_path, written) is expected


def test_a_given_value_decides(tmp_path: Path) -> None:
    """A value that is given decides, as no default does."""
    prod = ParameterOptions(given={"Stage": "prod"})

    assert truth(tmp_path, "!Equals [!Ref Stage, prod]", prod) is True
    assert truth(tmp_path, "!Equals [!Ref Stage, dev]", prod) is False


def test_what_is_not_understood_is_told(tmp_path: Path) -> None:
    """Undeclared conditions, circles and what is no condition are told once, with their line."""
    _, unseen = resolved(
        tmp_path,
        """
        Conditions:
          A: !Condition B
          B: !Condition A
          C: !Sub x
        Resources:
          R: {Type: AWS::SNS::Topic, Condition: A}
          S: {Type: AWS::SNS::Topic, Condition: Missing}
          T: {Type: AWS::SNS::Topic, Condition: Missing}
          U: {Type: AWS::SNS::Topic, Condition: C}
        """,
    )

    assert [(one.at.line, one.why) for one in unseen] == [
        (5, "the condition A hangs on itself"),
        (9, "the condition Missing is not declared"),
        (6, "`Fn::Sub` is not a condition function"),
    ]


def test_conditions_are_decided_under_what_a_branch_implies(tmp_path: Path) -> None:
    """In a resource that exists only under a condition, what hangs on it is decided."""
    template, _ = resolved(
        tmp_path,
        """
        Parameters: {Stage: {Type: String}}
        Conditions:
          IsProd: !Equals [!Ref Stage, prod]
          NotProd: !Not [!Condition IsProd]
        Resources:
          R:
            Type: AWS::SNS::Topic
            Condition: IsProd
            Properties:
              A: !If [IsProd, a, b]
              B: !If [NotProd, a, b]
          S:
            Type: AWS::SNS::Topic
            Properties:
              A: !If [NotProd, a, b]
        """,
    )
    r, s = template.resources["R"].properties, template.resources["S"].properties

    assert template.resources["R"].condition == "IsProd"
    assert (constant(r.get("A")), constant(r.get("B"))) == ("a", "b")
    assert isinstance(s.get("A"), Choice)


def test_outputs_follow_their_conditions(tmp_path: Path) -> None:
    """An output under a false condition is gone, under an undecided one it may have no value."""
    template, _ = resolved(
        tmp_path,
        """
        Parameters: {Stage: {Type: String}}
        Conditions:
          Open: !Equals [!Ref Stage, prod]
          Never: !Equals [a, b]
        Resources:
          R: {Type: AWS::SNS::Topic}
        Outputs:
          A: {Value: a, Condition: Open}
          B: {Value: b, Condition: Never}
          C: {Value: !Ref R}
        """,
    )

    assert list(template.stack.outputs) == ["A", "C"]
    assert isinstance(template.stack.outputs["A"], Choice)


def test_a_long_chain_of_conditions_ends(tmp_path: Path) -> None:
    """A thousand conditions, each on the next, are told and overflow no stack."""
    chain = "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(1000))
    template, unseen = resolved(
        tmp_path,
        f"Conditions:\n{chain}  C1000: !Equals [a, a]\nResources:\n"
        "  R: {Type: AWS::SNS::Topic, Condition: C0}\n",
    )

    assert template.resources["R"].condition == "C0"
    assert any("too many others" in one.why for one in unseen)


def test_conditions_of_conditions_do_not_explode(tmp_path: Path) -> None:
    """Conditions that each ask the next one twice are decided once, in every branch."""
    chain = "".join(
        f"  C{n}: !Or [!Condition C{n + 1}, !Not [!Condition C{n + 1}]]\n" for n in range(20)
    )
    template, unseen = resolved(
        tmp_path,
        f"Parameters: {{P: {{Type: String}}}}\nConditions:\n{chain}"
        "  C20: !Equals [!Ref P, a]\n  Other: !Equals [!Ref P, b]\nResources:\n"
        "  R: {Type: AWS::SNS::Topic, Properties: {A: !If [Other, !If [C0, a, b], !Ref P]}}\n",
    )

    assert unseen == ()
    assert isinstance(template.resources["R"].properties.get("A"), Choice)
