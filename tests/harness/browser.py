"""A headless Chromium, driven through its debugging pipe."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--ignore-certificate-errors")
LAUNCH = "import os, sys; [os.dup2(int(sys.argv[n]), n + 2) for n in (1, 2)]; os.execv(sys.argv[3], sys.argv[3:])"
"""Becomes the browser, which reads commands from descriptor 3 and writes its answers to descriptor 4."""
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The browser of this machine, None if it has none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Browser:
    """One tab. Commands are those of the Chrome DevTools Protocol."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes]) -> None:
        self._commands, self._answers = commands, answers
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        """What the tab told without being asked."""
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self._session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self(f"{domain}.enable")

    def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._commands.write(json.dumps(message).encode() + b"\0")
        self._commands.flush()
        while (answer := self._next()).get("id") != self._number:
            self.events.append(answer)
        assert "error" not in answer, answer
        return dict(answer["result"])

    def wait_for(self, event: str) -> None:
        """Return when the tab tells of an event that it has not told of since the last `forget`."""
        while all(known.get("method") != event for known in self.events):
            self.events.append(self._next())

    def open(self, url: str) -> None:
        """Load a page."""
        self._loaded(lambda: self("Page.navigate", url=url))

    def submit(self, field: str, value: str) -> None:
        """Type into a form's field and send the form."""
        script = f"const field = document.querySelector({json.dumps(field)}); field.value = {json.dumps(value)}; "
        self._loaded(lambda: self.evaluate(f"{script} field.form.submit()"))

    def evaluate(self, script: str) -> Any:
        """The value of a script in the page."""
        return self("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def look(self, *, width: int, dark: bool) -> None:
        """Set the width of the window, in pixels, and the reader's preference."""
        self("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        preference = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self("Emulation.setEmulatedMedia", features=[preference])

    def screenshot(self, file: Path) -> None:
        """Save the whole page as PNG."""
        shot = self("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def _loaded(self, cause: Any) -> None:
        self.events = [event for event in self.events if event.get("method") != "Page.loadEventFired"]
        cause()
        self.wait_for("Page.loadEventFired")

    def _next(self) -> dict[str, Any]:
        message = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser has ended"
            message += byte
        return dict(json.loads(message))


@contextmanager
def browser(program: str, profile: Path) -> Iterator[Browser]:
    """A browser that accepts the certificate of a local endpoint; it ends with the block."""
    read_commands, write_commands = os.pipe()
    read_answers, write_answers = os.pipe()
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            LAUNCH,
            str(read_commands),
            str(write_answers),
            program,
            *OPTIONS,
            f"--user-data-dir={profile}",
        ],
        pass_fds=(read_commands, write_answers),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(read_commands)
    os.close(write_answers)
    try:
        with os.fdopen(write_commands, "wb") as commands, os.fdopen(read_answers, "rb") as answers:
            yield Browser(commands, answers)
    finally:
        process.terminate()
        process.wait()
