"""A solver that knows nothing of our automata comes to the same verdicts."""

import random
from typing import Any

import pytest
import z3

from stockade.iam.compare import compare

GLOBS = ["*", "a*", "*b", "?b", "ab", "*a*", "b?*", "a", "??"]
VALUES = ["a", "b*", "*", "ab", "?a"]
OPERATORS = [
    "StringEquals",
    "StringLike",
    "StringNotEquals",
    "StringNotLike",
    "StringLikeIfExists",
    "Null",
]
MILLISECONDS = 3000

Statement = dict[str, Any]


def some_policy(rng: random.Random) -> list[Statement]:
    """Random statements over one service, one kind of ARN and one condition key."""
    made: list[Statement] = []
    for _ in range(rng.randint(1, 3)):
        statement: Statement = {
            "Effect": rng.choice(["Allow", "Allow", "Deny"]),
            rng.choice(["Action", "NotAction"]): [
                f"s:{g}" for g in rng.sample(GLOBS, rng.randint(1, 2))
            ],
            rng.choice(["Resource", "NotResource"]): [
                f"arn:p:s:r:1:{glob}" for glob in rng.sample(GLOBS, rng.randint(1, 2))
            ],
        }
        if rng.random() < 0.6:
            operator = rng.choice(OPERATORS)
            values = ["true"] if operator == "Null" else rng.sample(VALUES, rng.randint(1, 2))
            statement["Condition"] = {operator: {"k:a": values}}
        made.append(statement)
    return made


class World:
    """The unknown request: an action, a resource's last part, a key that may be absent."""

    def __init__(self) -> None:
        self.action, self.resource, self.value = (
            z3.String(name) for name in ("act", "res", "val")
        )
        self.present = z3.Bool("present")
        letters = z3.Union(*(z3.Re(char) for char in "abc"))
        self.limits = z3.And(
            z3.InRe(self.action, z3.Plus(letters)), z3.InRe(self.resource, z3.Plus(letters))
        )

    def allowed(self, statements: list[Statement]) -> Any:  # noqa: ANN401 - z3 has no types
        """Say that some Allow applies and no Deny does."""
        by = {"Allow": [z3.BoolVal(False)], "Deny": [z3.BoolVal(False)]}  # noqa: FBT003
        for one in statements:
            by[one["Effect"]].append(self.applies(one))
        return z3.And(z3.Or(*by["Allow"]), z3.Not(z3.Or(*by["Deny"])))

    def applies(self, statement: Statement) -> Any:  # noqa: ANN401
        """Say that action, resource and condition hold."""
        parts = [self.element(statement, "Action", self.action, 1)]
        parts.append(self.element(statement, "Resource", self.resource, 5))
        for operator, tests in statement.get("Condition", {}).items():
            parts.extend(self.condition(operator, values) for values in tests.values())
        return z3.And(*parts)

    def element(self, statement: Statement, name: str, variable: Any, colons: int) -> Any:  # noqa: ANN401
        """Match an element or its Not form."""
        listed = statement[name if name in statement else f"Not{name}"]
        hit = z3.Or(*(z3.InRe(variable, glob(one.split(":", colons)[-1])) for one in listed))
        return hit if name in statement else z3.Not(hit)

    def condition(self, operator: str, values: list[str]) -> Any:  # noqa: ANN401
        """Hold a condition on the one key."""
        if operator == "Null":
            return z3.Not(self.present)
        exact = "Equals" in operator
        patterns = [z3.Re(value) if exact else glob(value) for value in values]
        hit = z3.Or(*(z3.InRe(self.value, pattern) for pattern in patterns))
        if "Not" in operator:
            return z3.Or(z3.Not(self.present), z3.Not(hit))
        if operator.endswith("IfExists"):
            return z3.Or(z3.Not(self.present), hit)
        return z3.And(self.present, hit)


def glob(pattern: str) -> Any:  # noqa: ANN401
    """Make a regular expression of a wildcard pattern."""
    any_one = z3.AllChar(z3.ReSort(z3.StringSort()))
    pieces = [z3.Star(any_one) if c == "*" else any_one if c == "?" else z3.Re(c) for c in pattern]
    return z3.Concat(*pieces) if len(pieces) > 1 else pieces[0]


def expected(old: list[Statement], new: list[Statement]) -> str:
    """Ask the solver."""
    world, solver = World(), z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(world.limits, world.allowed(new), z3.Not(world.allowed(old)))
    return {"sat": "new", "unsat": "none"}.get(str(solver.check()), "timed out")


@pytest.mark.parametrize("seed", range(8))
def test_the_solver_agrees(seed: int) -> None:
    """Over random pairs our verdict is the solver's wherever the solver has one."""
    rng = random.Random(seed)
    seen: list[str] = []
    for _ in range(30):
        old, new = some_policy(rng), some_policy(rng)
        solver = expected(old, new)
        documents = [{"Version": "2012-10-17", "Statement": one} for one in (old, new)]
        ours = compare(documents[0], documents[1])
        outside = ours.witness is not None and not ours.witness.resource.startswith("arn:p:s:r:1:")
        if solver != "timed out" and not outside and "Not" not in str([*old, *new]):
            assert ours.verdict == solver, (old, new)
        elif solver == "new":
            assert ours.verdict == "new", (old, new)
        seen.append(solver)

    assert {"new", "none"} <= set(seen)
