"""What a run entered of the files that it read, to tell later whether an edit touches it."""

from collections.abc import Callable, Mapping

from stockade.analysis.code import ir
from stockade.analysis.code.languages import parser_of
from stockade.analysis.code.modules import ModuleCache, Modules
from stockade.analysis.interpreter.refusals import may_refuse
from stockade.model import Handler, SourceFile, Unseen
from stockade.model.asked import noted
from stockade.model.moves import Since
from stockade.model.record import record


@record(eq=False)
class _File:
    """A file as it was read, and where the functions stood that were entered."""

    text: SourceFile
    language: str
    entered: frozenset[ir.Span]


class Trace:
    """The functions that a run entered, by file."""

    def __init__(self, files: Mapping[str, _File | None]) -> None:
        """Of a file that could not be read there is nothing to tell."""
        self._files = files

    @classmethod
    def of(cls, handler: Handler, modules: Modules, entered: ir.Entered) -> "Trace":
        """Tell what was entered of the modules of a run, and note the file of the handler.

        Code that stands in a template is no file of code.
        """
        read = dict(modules.read)
        if ir.is_whole_file(handler.file):
            if (asked := noted()) is not None:
                asked.code.add(handler.file.path)
        else:
            read.pop(handler.file.path, None)
        return cls({path: _file(module, entered) for path, module in read.items()})

    def again(self, since: Since, modules: Modules, cache: ModuleCache) -> "Trace | None":
        """Return where all that was entered is now; None if any of it says something else."""
        files: dict[str, _File | None] = {}
        for path, file in self._files.items():
            now = _now(file, modules.file(path), since, cache) if since.is_of({path}) else file
            if now is None and since.is_of({path}):
                return None
            files[path] = now
        return Trace(files)

    def held(self) -> tuple[()]:
        """Return no places: they are told anew where lines went. See `Since`."""
        return ()

    def is_now(self, now: "Trace", _since: Since) -> bool:
        """Tell whether another is this one."""
        return self is now

    def moved_by(self, _since: Since, _moved: Callable[[object], object]) -> "Trace":
        """Return the same, as it is told anew where lines went."""
        return self


def _file(module: ir.Module | Unseen, entered: ir.Entered) -> _File | None:
    if isinstance(module, Unseen):
        return None
    return _File(module.file, module.language, entered.of(module))


def _now(
    file: _File | None, now: ir.Module | Unseen, since: Since, cache: ModuleCache
) -> _File | None:
    """Return a file as it is read now, if all that was entered of it says what it said."""
    if file is None or isinstance(now, Unseen) or now.language != file.language:
        return None
    before = cache.module(file.text, parser_of(file.language))
    # Which branches send callers away is asked of files only that may hold one.
    if isinstance(before, Unseen) or may_refuse(before.file.text) != may_refuse(now.file.text):
        return None
    entered = cache.changes(before, now, since).same(file.entered)
    return None if entered is None else _File(now.file, now.language, entered)
