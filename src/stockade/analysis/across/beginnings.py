"""Who writes data outside the functions of an application, and by which event source it comes."""

from collections.abc import Mapping

from stockade.analysis.across.arrivals import invoked_function
from stockade.analysis.events import ANY_NAME
from stockade.analysis.exposure import store_exposures
from stockade.analysis.facts import OriginKind, SourceExposure
from stockade.analysis.interpreter.values import Data
from stockade.model import Application, Exposure, Step
from stockade.model.record import record, replace


@record(eq=False)
class Begins:
    """Who writes data, the event source by which it comes, and the lines that say so."""

    source: str | None
    exposure: Exposure
    because: tuple[Step, ...]

    def identified(self, *, of_role: bool = False) -> "Begins":
        """Return the same where the code found out who calls: nobody unknown gets further.

        And where it found out that they have a role, nobody whom nobody gave one.
        """
        most = Exposure.STAFF if of_role else Exposure.SIGNED_IN
        return replace(self, exposure=min(self.exposure, most))


class Beginnings:
    """Tells of data who writes it outside the functions of an application."""

    def __init__(self, app: Application, exposures: Mapping[str, SourceExposure]) -> None:
        self._app = app
        self._exposures = exposures
        self._stores: Mapping[str, SourceExposure] | None = None
        self._highest = max((one.exposure for one in exposures.values()), default=None)

    def is_most(self, begins: Begins) -> bool:
        """Tell whether nothing in the application is more exposed."""
        return self._highest is not None and begins.exposure >= self._highest

    def of(self, data: Data) -> Begins | None:
        """Return who writes data; None for what, as far as is known, only functions store."""
        if data.kind is OriginKind.EVENT:
            return self._calling(data) or _most_exposed(data, self._exposures)
        if data.kind is not OriginKind.STORED:
            return Begins(None, Exposure.PROVIDER, ())
        if data.name and ANY_NAME not in data.name:
            return None  # Who delivers into a bucket gives objects names of its own.
        if self._stores is None:
            self._stores = store_exposures(self._app)
        reached = [self._stores[one] for one in data.sources if one in self._stores]
        worst = max(reached, key=lambda one: one.exposure, default=None)
        return None if worst is None else Begins(None, worst.exposure, worst.because)

    def _calling(self, data: Data) -> Begins | None:
        """Return who writes a field that only those send who call the function by its name."""
        called = [invoked_function(source) for source in data.sources]
        function = self._app.functions.get(called[0] or "") if len(called) == 1 else None
        if function is None:
            return None
        note = f"none of its triggers sends `{data.field}`: whoever may invoke it does"
        return Begins(None, Exposure.APPLICATION, (Step(function.at, note),))


def _most_exposed(data: Data, exposures: Mapping[str, SourceExposure]) -> Begins:
    """Return the event source through which most people can write the data, and who can."""
    best: str | None = None
    highest = Exposure.APPLICATION
    for source in data.sources:
        known = exposures.get(source)
        if known is not None and (best is None or known.exposure > highest):
            best, highest = source, known.exposure
    if data.verified:
        highest = min(highest, Exposure.SIGNED_IN)
    return Begins(best, highest, exposures[best].because if best is not None else ())
