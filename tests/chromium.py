"""A headless Chromium, driven over a pipe in its own DevTools protocol: no driver, no port."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import Any

FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "about:blank",
)

START = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(one), fcntl.F_DUPFD, 20) for one in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium reads commands from descriptor 3 and writes to 4, and becomes this process."""

SECONDS = 30
"""How long a step may take: only what hangs takes longer."""


def executable() -> str | None:
    """Return where Chromium is, or None; `CHROMIUM` names another."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator["Browser"]:
    """Start Chromium with an empty profile, and end it."""
    program = executable()
    assert program is not None
    read, write_out = os.pipe()
    read_in, write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, f"--user-data-dir={profile}", *FLAGS]
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(read_in), str(write_out), *command],
            pass_fds=(read_in, write_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_in)
        os.close(write_out)
        try:
            yield Browser(read, write)
        finally:
            os.close(write)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(read)


class Browser:
    """The browser's end of the pipe: JSON messages, each followed by a zero byte."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write = read, write
        self._buffer = b""
        self._last = 0
        self.events: list[dict[str, Any]] = []

    def send(self, method: str, session: str | None = None, **params: object) -> dict[str, Any]:
        """Send a command and return its result; what happens meanwhile is kept in `events`."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        waiting = memoryview(json.dumps(message).encode() + b"\0")
        while waiting:
            waiting = waiting[os.write(self._write, waiting) :]
        while True:
            answer = self.receive()
            if answer.get("id") == self._last:
                assert "error" not in answer, f"{method}: {answer}"
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def receive(self, seconds: float = SECONDS) -> dict[str, Any]:
        """Return the next message; fails if there is none in time."""
        while b"\0" not in self._buffer:
            ready, _, _ = select([self._read], [], [], seconds)
            assert ready, "Chromium does not answer"
            got = os.read(self._read, 1 << 20)
            assert got, "Chromium has ended"
            self._buffer += got
        message, _, self._buffer = self._buffer.partition(b"\0")
        parsed: dict[str, Any] = json.loads(message)
        return parsed

    def page(self, width: int = 1440, height: int = 900) -> "Page":
        """Open an empty tab of a size."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        page = Page(self, attached["sessionId"], target)
        for domain in ("Page", "Runtime", "Log"):
            page.send(f"{domain}.enable")
        page.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        return page


class Page:
    """One tab: opened, read, clicked and typed into as a person would."""

    def __init__(self, owner: Browser, session: str, target: str) -> None:
        self._owner = owner
        self._session = session
        self._target = target

    def send(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command to this tab."""
        return self._owner.send(method, self._session, **params)

    def open(self, file: Path) -> float:
        """Open a file; returns the seconds until it was loaded and painted."""
        began = time.perf_counter()
        self.send("Page.navigate", url=file.resolve().as_uri())
        self.wait("document.readyState === 'complete'")
        # Two frames later what was built has been painted.
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return time.perf_counter() - began

    def close(self) -> None:
        """Close the tab."""
        self._owner.send("Target.closeTarget", targetId=self._target)

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the page says
        """Evaluate an expression in the page and return its value."""
        answer = self.send(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until an expression is true."""
        until = time.monotonic() + SECONDS
        while not self.run(condition):
            assert time.monotonic() < until, f"never came true: {condition}"
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """Return the text in the first element of a selector."""
        found: str = self.run(f"document.querySelector({json.dumps(selector)}).textContent")
        return found

    def number(self, selector: str) -> int:
        """Count the elements of a selector."""
        found: int = self.run(f"document.querySelectorAll({json.dumps(selector)}).length")
        return found

    def click(self, selector: str, at: int = 0) -> None:
        """Click in the middle of an element, with the mouse."""
        query = f"document.querySelectorAll({json.dumps(selector)})[{at}]"
        self.run(f"{query}.scrollIntoView({{block: 'nearest'}})")
        x, y = self.run(
            f"(box => [box.x + box.width / 2, box.y + box.height / 2])"
            f"({query}.getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other: `"j"`, `"Escape"`, `"ArrowRight"`."""
        for key in keys:
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            self.send("Input.dispatchKeyEvent", type="keyDown", key=key, text=text)
            self.send("Input.dispatchKeyEvent", type="keyUp", key=key)

    def type(self, text: str) -> None:
        """Type text where the focus is."""
        self.send("Input.insertText", text=text)

    def prefer(self, **features: str) -> None:
        """Say what the reader prefers: `color_scheme="dark"`."""
        wanted = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value}
            for name, value in features.items()
        ]
        self.send("Emulation.setEmulatedMedia", features=wanted)

    def media(self, kind: str) -> None:
        """Show the page as on `"print"` or `"screen"`."""
        self.send("Emulation.setEmulatedMedia", media=kind)

    def complaints(self) -> list[str]:
        """Return what the console, the policy and scripts have complained of so far."""
        self.run("0")
        found = []
        for event in self._owner.events:
            if event.get("sessionId") != self._session:
                continue
            params = event["params"]
            match event["method"]:
                case "Runtime.exceptionThrown":
                    found.append(str(params["exceptionDetails"]))
                case "Log.entryAdded":
                    found.append(params["entry"]["text"])
                case "Runtime.consoleAPICalled":
                    found.append(str(params["args"]))
        return found

    def screenshot(self, file: Path) -> None:
        """Write what is seen to a PNG."""
        taken = self.send("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(taken["data"]))
