"""The whole of stockade, in the order of its stages: load, analyse, judge, report."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from stockade import baseline, ignores
from stockade._garbage import collected_rarely, keep
from stockade.analysis import ModuleCache, analyse
from stockade.analysis.facts import Facts
from stockade.analysis.outline import without_amounts
from stockade.config import Config
from stockade.errors import InputError, describe, near
from stockade.load import Loaded, Loader, LoadOptions, ParameterOptions, load
from stockade.model import (
    Application,
    BlastRadius,
    Figures,
    Finding,
    Function,
    Ignore,
    LeastPrivilege,
    Persona,
    Report,
    RuleFailure,
    Unknown,
    Unseen,
)
from stockade.model import (
    Path as AttackPath,
)
from stockade.model.asked import NOTHING, Asked
from stockade.model.memory import Memory
from stockade.model.record import fields, record, replace
from stockade.model.sameness import kept_of, kept_parts
from stockade.model.watched import Watched
from stockade.paths import find_paths
from stockade.paths import measure as measured
from stockade.ranking import distinct, root_causes, worst_paths_first
from stockade.rules import RULES
from stockade.rules._rule import Rule

if TYPE_CHECKING:
    from stockade.analysis.comparison import Comparison, Version
    from stockade.iam.compare import Type

_T = TypeVar("_T")

_OURS = frozenset(map(id, RULES))
"""Rules that write no line into a message: where a place moves, what they say stays true."""

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told when a stage begins, how many applications are done, and of how many.

The stages are `"load"`, then for each application `"analyse"`, `"rules"`, `"paths"` and
`"ignores"`; before it is known how many applications there are, the numbers are 0.
"""


def _tell_nobody(_stage: str, _done: int, _total: int) -> None:
    pass


def scan(  # noqa: PLR0913 - what can be chosen of a scan
    path: str | Path = ".",
    config: Config | None = None,
    *,
    rules: Iterable[Rule] = RULES,
    progress: Progress = _tell_nobody,
    least_privilege: bool = False,
    measure: bool = False,
) -> Report:
    """Say what someone outside can do to the applications in a folder, worst first.

    `path` is a folder or one template. Without `config` the defaults hold; the folder's own
    configuration file counts only if the caller reads it (`stockade.config.find` and `read`).
    Nothing of what is scanned is run, nothing outside its folder is read. Raises `InputError`
    for a path that is not there or a rule that does not exist. A stage that fails for one
    application does not stop the others: `Report.failures` tells of it. With `least_privilege`
    every role is judged as well, which takes longer; so does `measure`, which fills in
    `Report.blast_radius` and `Report.figures`.
    """
    scans = _Scans(path, config or Config(), rules, Memory(keeps=False))
    scans.least_privilege = least_privilege
    scans.measure = measure
    return scans.scan(progress)


class Workspace:
    """A folder that is scanned again and again while its files change, as an editor does.

    What no change can have touched is not read, analysed or judged anew: of the folder, what its
    applications looked for and did not find included. A report is always the one that `scan`
    would give. One workspace does one scan at a time.

        workspace = stockade.Workspace("path/to/folder")
        report = workspace.scan()
        ...
        report = workspace.changed(["orders/app.py"])
    """

    def __init__(
        self,
        path: str | Path = ".",
        config: Config | None = None,
        *,
        rules: Iterable[Rule] = RULES,
    ) -> None:
        """Take a folder or one template; nothing is read yet.

        Raises `InputError` for a path that is not there or a rule that does not exist.
        """
        self._scans = _Scans(path, config or Config(), rules, Memory())
        self._renew = False

    @property
    def config(self) -> Config:
        """What is chosen about the scans. Another may be set at any time."""
        return self._scans.config

    @config.setter
    def config(self, config: Config) -> None:
        self._scans.configure(config)

    def scan(self, *, progress: Progress = _tell_nobody) -> Report:
        """Look at every file of the folder, and report what is true of it now."""
        if self._renew:
            self._scans.loader.renew()
        self._renew = True
        return self._scans.scan(progress)

    def changed(self, paths: Iterable[str | Path]) -> Report:
        """Report what is true now that something happened to these files and folders.

        They came, went, or say something else; the others are taken to be as they were. Paths
        are absolute, or relative to the folder; those outside it are of no account.
        """
        if not self._renew:
            return self.scan()
        self._scans.loader.renew(paths)
        return self._scans.scan(_tell_nobody)


class _Scans:
    """One scan after another of the same path, with what is remembered from one to the next."""

    def __init__(
        self, path: str | Path, config: Config, rules: Iterable[Rule], memory: Memory
    ) -> None:
        self.least_privilege = False
        """Whether every role is judged too."""
        self.measure = False
        """Whether blast radius and figures are worked out too."""
        self._rules = tuple(rules)
        self._memory = memory
        self._cache = ModuleCache()
        self.configure(config)
        self.loader = Loader(Path(path), memory)

    def configure(self, config: Config) -> None:
        """Choose anew what is scanned, and which rules run."""
        self._running = chosen(self._rules, config)
        self.config = config

    def scan(self, progress: Progress) -> Report:
        """Report what is true, as far as the loader was told of changes."""
        progress("load", 0, 0)
        judged = []
        read: set[str] = set()
        with collected_rarely() as collect:
            loaded = self.loader.load(_load_options(self.config), partial(progress, "load"))
            keep()
            total = len(loaded.applications)
            for done, app in enumerate(loaded.applications):
                judged.append(self._judged(app, progress, done, total))
                if self.config.trusted:
                    progress("ignores", done, total)
                    judged.append(self._ignored(app, read))
                collect()
            self._memory.forget_unused()
            return _report(loaded, judged, self.config, self._running, self._rules)

    def _judged(self, app: Application, progress: Progress, done: int, total: int) -> "_Judged":
        """Analyse and judge one application; its facts are dropped afterwards."""

        def work(_asked: Asked) -> _Judged:
            # What is remembered of this object goes with it, whatever becomes of the files.
            fresh = replace(app, sources=app.sources.afresh())
            progress("analyse", done, total)
            shape = self._shape(app, fresh)
            outlined = self._outline(shape)
            facts = self._facts(app, fresh, outlined)
            if isinstance(facts, RuleFailure):
                return _Judged(failures=(facts,))
            progress("rules", done, total)
            judged = self._by_rules(shape, outlined, fresh, facts)
            progress("paths", done, total)
            judged = self._followed(judged, shape, fresh, facts)
            return _with_privileges(judged, fresh, facts) if self.least_privilege else judged

        chosen = (app, self._running, self.least_privilege, self.measure)
        return self._memory.recall(("judged", app.name), chosen, work)

    def _shape(self, app: Application, fresh: Application) -> Application:
        """Return the application as far as its templates say: the old one if they say the same."""
        if not self._memory.keeps:
            return fresh
        return self._memory.recall(("shape", app.name), (app,), lambda _: app, settle=_shape)

    def _outline(self, shape: Application) -> Application:
        """Return the application without amounts: the old one if it says the same."""
        if not self._memory.keeps:
            return shape
        name = ("outline", shape.name)
        return self._memory.recall(name, (shape,), lambda _: without_amounts(shape), settle=_shape)

    def _facts(
        self, app: Application, fresh: Application, shape: Application
    ) -> Facts | RuleFailure:
        """Return the facts about an application: the old ones where they say the same."""

        def work(_asked: Asked) -> Facts | RuleFailure:
            analysis = partial(analyse, fresh, self._cache, self._memory, shape)
            return _attempt("analysis", app, analysis)

        name, made_of = ("facts", app.name), (*_parts(shape), shape.resources, app.functions)
        return self._memory.recall(name, made_of, work, settle=_settled, moves=True)

    def _by_rules(
        self, shape: Application, outlined: Application, fresh: Application, facts: Facts
    ) -> "_Judged":
        """Let every rule judge that has not judged the same before.

        `shape` and `outlined`, its outline, are what judgements hang on, `fresh` is the same
        with the texts of today.
        """
        if not self._memory.keeps:
            shown = replace(facts)
            return _judgement(facts, [_found(r, fresh, shown) for r in self._running])
        whole = outline = _Seen.of(shape, fresh, facts)
        if outlined is not shape:
            outline = _Seen.of(outlined, fresh, facts)
        found = {}
        # One after the other, so that what rules ask in common is worked out once for each.
        for seen in dict.fromkeys((whole, outline)):
            for rule in self._running:
                if seen is (outline if _is_outlined(rule) else whole):
                    found[id(rule)] = self._found(rule, seen, facts)
        return _judgement(facts, [found[id(rule)] for rule in self._running])

    def _found(self, rule: Rule, seen: "_Seen", facts: Facts) -> tuple[Finding, ...] | RuleFailure:
        """Return what a rule finds, or found before in what says the same."""
        work = partial(_found, rule, seen.fresh, seen.facts)
        name = ("rule", seen.fresh.name, rule.id)
        made_of = (*seen.parts, facts, rule)
        return self._memory.recall(
            name, made_of, work, ask=seen.resources, moves=id(rule) in _OURS
        )

    def _followed(
        self, judged: "_Judged", shape: Application, fresh: Application, facts: Facts
    ) -> "_Judged":
        """Follow the findings of an application to what they lead to."""
        seen = _Seen.of(shape, fresh, facts)

        def work(_asked: Asked) -> _Judged:
            shown = seen.fresh if self._memory.keeps else fresh
            return _with_paths(judged, shown, seen.facts, measure=self.measure)

        made_of = (*seen.parts, facts, judged, self.measure)
        return self._memory.recall(
            ("paths", shape.name), made_of, work, ask=seen.resources, moves=True
        )

    def _ignored(self, app: Application, read: set[str]) -> "_Judged":
        """Return the ignores that the application's files hold, those told in `read` left out."""

        def work(_asked: Asked) -> _Judged:
            # What is remembered must not hang on which applications came before.
            seen = set() if self._memory.keeps else read
            return _Judged(ignores=tuple(ignores.written_in(app, seen, self._memory)))

        return self._memory.recall(("ignores", app.name), (app,), work)


@record(eq=False)
class _Seen:
    """What a rule is shown: an application with the texts of today, and the facts about it.

    Its judgement hangs on the `parts`, which hold no text, and on those of the `resources` that
    it asks for.
    """

    parts: tuple[object, ...]
    resources: Watched
    fresh: Application
    facts: Facts

    @classmethod
    def of(cls, shape: Application, fresh: Application, facts: Facts) -> "_Seen":
        """Show an application as far as `shape` says, with what is `fresh` of today."""
        resources = Watched(shape.resources)
        watched = replace(
            shape, resources=resources, functions=fresh.functions, sources=fresh.sources
        )
        return cls(_parts(shape), resources, watched, replace(facts))


_PARTS = tuple(name for name in fields(Application) if name not in ("resources", "sources"))


def _parts(app: Application) -> tuple[object, ...]:
    """Return what an application is made of, but for its resources and the folder."""
    return tuple(getattr(app, name) for name in _PARTS)


def _is_outlined(rule: Rule) -> bool:
    """Tell whether a rule is sure not to ask for amounts."""
    return id(rule) in _OURS and not rule.amounts


@record(kw_only=True)
class Examined:
    """What stockade believes about a folder, before any rule judges it."""

    applications: Iterator[tuple[Application, Facts | RuleFailure]]
    """Each application and what analysis found out about it, worked out when it is asked for."""
    unseen: tuple[Unseen, ...]
    """What was not seen of the folder and belongs to no application."""


def examine(path: str | Path = ".", config: Config | None = None) -> Examined:
    """Load the applications of a folder, to look at each with its facts.

    Raises `InputError` for a path that is not there.
    """
    loaded = load(Path(path), _load_options(config or Config()))
    cache = ModuleCache()
    return Examined(
        applications=(
            (app, _attempt("analysis", app, partial(analyse, app, cache)))
            for app in loaded.applications
        ),
        unseen=loaded.unseen,
    )


def applications(path: str | Path = ".", config: Config | None = None) -> tuple[Application, ...]:
    """Load the applications of a folder. Raises `InputError` for a path that is not there."""
    return load(Path(path), _load_options(config or Config())).applications


def compare(
    old: str | Path, new: str | Path, types: "Iterable[Type] | None" = None
) -> "Comparison":
    """Say what a new version of a folder or template allows that the old one did not.

    `types` are the kinds of policies: `identity`, `trust`, `resource`, all unless given. No
    configuration file of either version counts. Raises `InputError` for a path that is not there.
    """
    from stockade.analysis import comparison  # noqa: PLC0415 - no scan compares

    before, after = (_version(load(Path(path))) for path in (old, new))
    return comparison.compare_versions(before, after, types or comparison.TYPES)


def _version(loaded: Loaded) -> "Version":
    from stockade.analysis.comparison import Version  # noqa: PLC0415 - no scan compares

    apps = loaded.applications
    unseen = (*loaded.unseen, *(unseen for app in apps for unseen in app.unseen))
    return Version(applications=apps, unseen=unseen)


def chosen(rules: Iterable[Rule], config: Config) -> tuple[Rule, ...]:
    """Return the rules that run: those selected by name or practice, else the persona's."""
    rules = tuple(rules)
    if not config.select and not config.ignore:
        return tuple(rule for rule in rules if _is_for(rule, config.persona))
    names = {name for rule in rules for name in (rule.id, rule.info.practice)}
    for name in (*config.select, *config.ignore):
        if name not in names:
            message = f"{name!r} is neither a rule nor a practice that rules check"
            hint = near(name, tuple(sorted(names))) or "`stockade explain` lists them"
            raise InputError(message, hint)
    return tuple(rule for rule in rules if _runs(rule, config))


def _runs(rule: Rule, config: Config) -> bool:
    names = {rule.id, rule.info.practice}
    if names.intersection(config.ignore):
        return False
    if config.select:
        return bool(names.intersection(config.select))
    return _is_for(rule, config.persona)


def _is_for(rule: Rule, persona: Persona) -> bool:
    return rule.persona is Persona.REGULAR or persona is Persona.STRICT


def _load_options(config: Config) -> LoadOptions:
    parameters = ParameterOptions(
        given=config.parameters,
        files=config.parameter_files,
        environment=config.sam_environment,
    )
    return LoadOptions(parameters=parameters, exclude=config.exclude)


@record(kw_only=True)
class _Judged:
    """What is kept of an application once its facts are dropped."""

    findings: tuple[Finding, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    failures: tuple[RuleFailure, ...] = ()
    ignores: tuple[Ignore | Unseen, ...] = ()
    least_privilege: tuple[LeastPrivilege, ...] = ()
    paths: tuple[AttackPath, ...] = ()
    blast_radius: tuple[BlastRadius, ...] = ()
    figures: tuple[Figures, ...] = ()


def _shape(before: Application, now: Application) -> Application:
    """Return `before` if nothing is different now but what files of code say."""
    with_files = {
        name: _with_file_of(before.functions[name], one) if name in before.functions else one
        for name, one in now.functions.items()
    }
    resources = kept_of(before.resources, now.resources)
    functions = kept_of(before.functions, with_files)
    shape = replace(now, functions=functions, resources=resources, sources=before.sources)
    return kept_parts(before, shape)


def _with_file_of(before: Function, now: Function) -> Function:
    """Return `now` with the text that `before` had, if it is that of the same file."""
    old, new = before.handler, now.handler
    if isinstance(old, Unknown) or isinstance(new, Unknown) or old.file.path != new.file.path:
        return now
    return replace(now, handler=replace(new, file=old.file))


def _settled(before: Facts | RuleFailure, now: Facts | RuleFailure) -> Facts | RuleFailure:
    if isinstance(before, RuleFailure) or isinstance(now, RuleFailure):
        return now
    return kept_parts(before, now)


def _with_paths(judged: _Judged, app: Application, facts: Facts, *, measure: bool) -> _Judged:
    found = _attempt("paths", app, partial(find_paths, app, facts, judged.findings))
    if isinstance(found, RuleFailure):
        return replace(judged, failures=(*judged.failures, found))
    paths, unseen = found
    judged = replace(judged, paths=paths, unseen=(*judged.unseen, *unseen))
    if not measure:
        return judged
    known = _attempt("figures", app, partial(measured, app, facts))
    if isinstance(known, RuleFailure):
        return replace(judged, failures=(*judged.failures, known))
    blast_radius, figures = known
    return replace(judged, blast_radius=blast_radius, figures=(figures,))


def _with_privileges(judged: _Judged, app: Application, facts: Facts) -> _Judged:
    """Judge the role of every function of an application as well."""
    from stockade.analysis.least_privilege import judge, summary  # noqa: PLC0415 - not every scan
    from stockade.analysis.permissions import needs  # noqa: PLC0415

    def told() -> tuple[LeastPrivilege, ...]:
        return tuple(summary(one, app.name) for one in judge(app, needs(app, facts)))

    found = _attempt("least privilege", app, told)
    if isinstance(found, RuleFailure):
        return replace(judged, failures=(*judged.failures, found))
    return replace(judged, least_privilege=found)


def _judgement(facts: Facts, found: Iterable[tuple[Finding, ...] | RuleFailure]) -> _Judged:
    """Put together what each rule found, or how it failed."""
    findings: list[Finding] = []
    failures = []
    for its in found:
        if isinstance(its, RuleFailure):
            failures.append(its)
        else:
            findings.extend(its)
    return _Judged(findings=tuple(findings), unseen=facts.unseen, failures=tuple(failures))


def _found(
    rule: Rule, app: Application, facts: Facts, _asked: Asked = NOTHING
) -> tuple[Finding, ...] | RuleFailure:
    """Return the findings of a rule, or how it failed."""
    try:
        return rule.findings(app, facts)
    except Exception as error:  # noqa: BLE001 - as in `_attempt`
        return _failed(rule.id, app, error)


def _attempt(stage: str, app: Application, work: Callable[[], _T]) -> _T | RuleFailure:
    """Do `work`; if it raises, say so instead, and let the scan go on."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told and fails the scan
        return _failed(stage, app, error)


def _failed(stage: str, app: Application, error: Exception) -> RuleFailure:
    return RuleFailure(rule=stage, application=app.name, error=describe(error))


def _report(
    loaded: Loaded,
    judged: Iterable[_Judged],
    config: Config,
    running: Iterable[Rule],
    rules: Iterable[Rule],
) -> Report:
    judged = tuple(judged)
    run = {rule.id for rule in running}
    applied = ignores.apply(
        distinct(finding for one in judged for finding in one.findings),
        [*config.ignores, *dict.fromkeys(ignore for one in judged for ignore in one.ignores)],
        run=run,
        known={rule.id for rule in rules},
        today=datetime.now(UTC).date(),
    )
    seen_by_none = {
        *loaded.unseen,
        *(unseen for app in loaded.applications for unseen in app.unseen),
        *(unseen for one in judged for unseen in one.unseen),
        *applied.wrong,
    }
    accepted = (one.finding for one in applied.ignored)
    held = baseline.apply(applied.findings, config.baseline, run=run, ignored=accepted)
    return Report(
        root=str(loaded.root),
        applications=loaded.applications,
        rules=tuple(rule.info for rule in running),
        findings=root_causes(held.findings),
        unseen=tuple(sorted(seen_by_none, key=lambda one: (one.at, one.kind, one.why))),
        ignored=applied.ignored,
        stale_ignores=applied.stale,
        failures=(
            *loaded.failures,
            *(failure for one in judged for failure in one.failures),
        ),
        least_privilege=tuple(each for one in judged for each in one.least_privilege),
        baseline=held.told(root_causes),
        paths=worst_paths_first(_open(judged, held.findings)),
        blast_radius=tuple(one for each in judged for one in each.blast_radius),
        figures=tuple(one for each in judged for one in each.figures),
    )


def _open(judged: Iterable[_Judged], findings: Iterable[Finding]) -> Iterator[AttackPath]:
    """Yield the paths that go through something that is told: not ignored, not known before."""
    told = {finding.fingerprint for finding in findings}
    for one in judged:
        for path in one.paths:
            if told.intersection(path.findings):
                yield path
