"""The environment of a deployed function: what each variable is there, as the template says.

From "Defined runtime environment variables" of the AWS Lambda Developer Guide. A variable that a
whole template does not set is not there. Where others may set some too (an image, a wrapper, a
file that the code reads), that is not known.
"""

from collections.abc import Callable, Mapping
from typing import Final

from stockade.analysis.interpreter.state import Key, State
from stockade.analysis.interpreter.values import (
    UNKNOWN,
    Const,
    Environment,
    Some,
    Val,
    const,
    constant_text,
    join,
    only_constant,
)
from stockade.model import (
    Choice,
    Concatenation,
    Import,
    NoValue,
    Parameter,
    Reference,
    Scalar,
    Unknown,
    Value,
    constant,
)

Known = tuple[Const | Some, ...]

ENVIRONMENT: Final = "os.environ"
"""The environment as a whole, in either language."""
SOME: Final = Some()
ABSENT: Final[Known] = (Const(None),)
MOST_KNOWN: Final = 16

_BY_LAMBDA: Final = frozenset(
    """
    AWS_REGION AWS_DEFAULT_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE
    AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID
    AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT
    LAMBDA_RUNTIME_DIR _HANDLER LANG PATH LD_LIBRARY_PATH TZ
    """.split()  # noqa: SIM905 - read as a list of words
)
"""What Lambda sets for every function of a managed runtime."""
_NOT_TOLD: Final = frozenset(
    """
    _X_AMZN_TRACE_ID AWS_XRAY_CONTEXT_MISSING AWS_XRAY_DAEMON_ADDRESS AWS_LAMBDA_DOTNET_PREJIT
    NODE_PATH NODE_OPTIONS NODE_EXTRA_CA_CERTS PYTHONPATH GEM_PATH HOME PWD USER SHLVL HOSTNAME
    AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_LAMBDA_MAX_CONCURRENCY
    """.split()  # noqa: SIM905
)
"""What is there for some functions, or of some runtimes."""
_ELSEWHERE: Final = frozenset(
    """
    IS_OFFLINE IS_LOCAL AWS_SAM_LOCAL AWS_CHALICE_CLI_MODE JEST_WORKER_ID VITEST VITEST_WORKER_ID
    VITEST_POOL_ID PYTEST_CURRENT_TEST LOCALSTACK_HOSTNAME GITHUB_ACTIONS
    """.split()  # noqa: SIM905
)
"""What tools set that run a function anywhere but on Lambda."""
_BUNDLED: Final[Mapping[str, Known]] = {
    "NODE_ENV": (Const(None), Const("production"), Const("development"))
}
"""What bundlers write into the code in place of a variable that nobody sets."""
_LOADERS: Final = ("dotenv", "@dotenvx/", "custom-env", "environs", "environ", "dotenv-")
"""Packages that add the variables of a file to the environment."""

_FROM_FILES: Final[Key] = ("environment", "", "from files")
_ANY: Final[Key] = ("environment", "", "any")
_YES: Final = const(True)  # noqa: FBT003


class Deployed:
    """The environment variables of one function.

    `is_whole` tells that nothing but the template and Lambda sets any.
    """

    def __init__(self, variables: Mapping[str, Value] | Unknown, *, is_whole: bool) -> None:
        self._variables = variables
        self._is_whole = is_whole
        self.written: set[tuple[str, Val]] = set()
        """What the code itself has set: who asks again may be told something else."""

    def begin(self, state: State) -> None:
        """Put what is set at the beginning, so that what a branch sets is one of two values."""
        if not isinstance(self._variables, Unknown):
            for name in self._variables:
                state.writes[_key(name)] = Val((Environment(name, self._of(name)),))

    def read(self, state: State, name: str, *, needed: bool = False) -> Val:
        """Return a variable's value. Where it is `needed`, the code stops if it is not there.

        Code that is deployed does not stop: somebody else sets what the template does not.
        """
        if state.variable(_ANY) is not None:
            return Val((Environment(name),))
        written = state.variable(_key(name))
        if written is not None:
            return written
        may_be = self._of(name)
        if state.variable(_FROM_FILES) is not None and name not in _ELSEWHERE:
            may_be = ()
        if needed and may_be == ABSENT:
            state.writes[_FROM_FILES] = _YES
            may_be = ()
        return Val((Environment(name, may_be),))

    def write(self, state: State, key: Val | None, value: Val) -> None:
        """Note that the code sets a variable; one of unknown name may be any."""
        name = None if key is None else constant_text(key)
        if name is None:
            state.writes[_ANY] = _YES
        else:
            # Which branches set what nobody else does is not told apart.
            known = state.variable(_key(name)) is not None
            state.writes[_key(name)] = value if known else join(value, UNKNOWN)
        self.written.add((name or "", Val(value.shapes)))

    def add(self, state: State, key: Val | None, value: Val) -> None:
        """Note that the code sets a variable if it is not there."""
        name = None if key is None else constant_text(key)
        if name is None or state.variable(_key(name)) is None:
            self.write(state, key, value)

    def load(self, state: State, package: str) -> None:
        """Note that a package was imported: some of them read files of variables."""
        if package.removeprefix("npm:").startswith(_LOADERS):
            state.writes[_FROM_FILES] = _YES

    def _of(self, name: str) -> Known:
        if isinstance(self._variables, Unknown):
            return ()
        value = self._variables.get(name)
        if name in _ELSEWHERE and isinstance(value, Parameter):
            # `${env:IS_OFFLINE, 'false'}`: the tool sets it where the function is not deployed.
            value = value.value
        if value is not None:
            return values_of(value)
        if name in _NOT_TOLD:
            return ()
        if name in _ELSEWHERE:
            return ABSENT
        if not self._is_whole:
            return ()
        return (SOME,) if name in _BY_LAMBDA else _BUNDLED.get(name, ABSENT)


def with_default(value: Val, default: Val) -> Val:
    """Return a variable's value, or a default where it is not there."""
    variable = value.shapes[0]
    known = only_constant(default)
    if len(value.shapes) > 1 or not isinstance(variable, Environment):
        return value if known is not None else join(value, default)
    if not variable.may_be:
        # What is deployed is what the template sets.
        return value if known is not None else join(value, default)
    return replaced(value, default, lambda one: one == Const(None))


def replaced(value: Val, default: Val, wanting: Callable[[Const | Some], bool]) -> Val:
    """Return a variable's value, with a default for those of its values that are wanting."""
    variable = value.shapes[0]
    if not isinstance(variable, Environment):
        return value
    kept = tuple(one for one in variable.may_be if not wanting(one))
    if len(kept) == len(variable.may_be):
        return value
    known = only_constant(default)
    if known is None or (not kept and known.value):
        return default if not kept else join(value, default)
    # What stands for nothing is still the variable's: who asks for it asks whether that is there.
    return Val((Environment(variable.name, tuple(dict.fromkeys((*kept, known)))),), value.taints)


def values_of(value: Value) -> Known:
    """Return what a value of the template can only be once it is deployed; nothing if unknown."""
    match value:
        case NoValue():
            return ABSENT
        case Scalar():
            text = constant(value)
            return (Const(text),) if isinstance(text, str) else ()
        case Reference() | Import():
            return (SOME,)
        case Parameter(name=name, value=None) if name.startswith("AWS::"):
            return (SOME,)
        case Parameter(allowed=allowed) if allowed is not None:
            return tuple(Const(text) for text in sorted(allowed)[: MOST_KNOWN + 1])
        case Choice():
            then, otherwise = values_of(value.then), values_of(value.otherwise)
            both = tuple(dict.fromkeys((*then, *otherwise)))
            return both if then and otherwise and len(both) <= MOST_KNOWN else ()
        case Concatenation():
            return _joined(tuple(values_of(part) for part in value.parts))
        case _:
            return ()


def _joined(parts: tuple[Known, ...]) -> Known:
    """Return what a text made of such parts is: not empty if one of its parts is not."""
    text = ""
    for known in parts:
        one = known[0] if len(known) == 1 else None
        if not isinstance(one, Const):
            break
        text += str(one.value or "")
    else:
        return (Const(text),)
    return (SOME,) if any(map(_is_some, parts)) else ()


def _is_some(known: Known) -> bool:
    return bool(known) and all(isinstance(one, Some) or bool(one.value) for one in known)


def _key(name: str) -> Key:
    return ("environment", name)
