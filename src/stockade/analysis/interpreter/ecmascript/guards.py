"""Functions before a route that call `next`: what they found out holds for what comes after.

A middleware that answers by itself does not call `next`, so the state at that call counts and not
what is left when the middleware returns. What `app.use(signedIn)` finds out holds for the routes
that are put on the same router after it ("Using middleware" of the Express documentation).
"""

from typing import Final

from stockade._late import pattern
from stockade.analysis.interpreter.ecmascript.protocol import ScriptMachine
from stockade.analysis.interpreter.protocol import Invocation, Proof, Site, strength
from stockade.analysis.interpreter.values import NONE, External, Val, constant_text

NEXT: Final = "web.Next"
_IDENTIFY: Final = pattern(
    r"npm:(?:passport\.authenticate|express-jwt(?:\.\w+)?|express-oauth2-jwt-bearer\.auth|koa-jwt|"
    r"koa-passport\.authenticate|hono/(?:jwt|bearer-auth|basic-auth)\.\w+|express-basic-auth|"
    r"express-openid-connect\.requiresAuth|connect-ensure-login\.\w+|"
    r"@clerk/(?:express|clerk-sdk-node)\.\w*[rR]equireAuth)\(\)"
)
"""What packages make to stand before a route: it lets nobody by whom it does not know."""
_ROUTE: Final = "route"
"""`next("route")` leaves out the rest of the route's functions; given more it is an error."""


def next_of(machine: ScriptMachine, site: Site, place: int) -> Val:
    """Return the `next` that the function at this place of a route is given."""
    return Val((External(NEXT, instance=True, address=machine.address(site, f"next {place}")),))


def called(machine: ScriptMachine, call: Invocation) -> Val | None:
    """Note what is known where `next` is called."""
    shape = call.receiver.shapes[0]
    if call.callee != NEXT or not isinstance(shape, External):
        return None
    given = call.arguments.get(0, None)
    if given is None or constant_text(given) == _ROUTE:
        machine.guards.at_next.setdefault(shape.address, []).append(machine.proved())
        machine.guards.checked.setdefault(shape.address, []).append(machine.shown())
    return NONE


def learn(machine: ScriptMachine, following: Val, call: Invocation) -> None:
    """Let hold for the rest of a route what held wherever `following` was called.

    What is checked before some routes alone, of one router or below a path, is not believed.
    """
    for shape in following.shapes:
        found = machine.guards.at_next.pop(getattr(shape, "address", 0), [])
        weakest = min(found, key=strength, default=None)
        if weakest is not None:
            machine.trust(machine.proof(weakest))
        checked = machine.guards.checked.pop(getattr(shape, "address", 0), [])
        if checked and not _is_before_some(call):
            first, *others = checked
            machine.trust(tuple(one for one in first if all(one in each for each in others)))


def _is_before_some(call: Invocation) -> bool:
    first = call.arguments.get(0, None)
    return call.callee.endswith(".use") and (
        "Router" in call.callee.partition(")")[0]
        or (first is not None and constant_text(first) is not None)
    )


def stand_among(machine: ScriptMachine, call: Invocation) -> None:
    """Let hold for a route what the packages find out whose functions stand before it."""
    if any(
        isinstance(shape, External) and _IDENTIFY.fullmatch(shape.name)
        for value in call.arguments.positional
        for shape in value.shapes
    ):
        machine.trust(machine.proof(Proof(call.site)))


def put_before_all(machine: ScriptMachine, call: Invocation) -> None:
    """Remember that the routes put on a router from here on stand behind a guard."""
    found = machine.proved()
    first = call.arguments.get(0, None)
    if found is None or first is None or constant_text(first) is not None:
        return  # What is used below a path guards that path only.
    for shape in call.receiver.shapes:
        if isinstance(shape, External) and shape.address:
            machine.guards.of_router[shape.address] = found


def stand_before(machine: ScriptMachine, router: Val) -> None:
    """Let hold for a route what the guard of its router found out."""
    for shape in router.shapes:
        found = machine.guards.of_router.get(getattr(shape, "address", 0))
        if found is not None:
            machine.trust(machine.proof(found))
