"""The logs of a deployment's containers: one that fetches model and code, one that serves them."""

from pathlib import Path

from local.child import last_lines

_NAMES = {"InferenceServer": "log", "StorageInitializer": "storage-initializer.log"}
"""End of a log's file name by Azure's name of the container."""


class Logs:
    """Those of one deployment; they stay until the deployment is removed."""

    def __init__(self, folder: Path, endpoint: str, deployment: str) -> None:
        """Describe the logs.

        folder: where they are.
        """
        self._files = {name: folder / f"deployment-{endpoint}.{deployment}.{end}" for name, end in _NAMES.items()}

    @property
    def server(self) -> Path:
        """The file that the inference server prints to."""
        return self._files["InferenceServer"]

    def fetched(self, line: str) -> None:
        """Note something about fetching model and code."""
        file = self._files["StorageInitializer"]
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")

    def end(self, container: str, lines: int) -> str:
        """The last lines of a container's log."""
        try:
            return "".join(f"{line}\n" for line in last_lines(self._files[container], lines))
        except FileNotFoundError:
            return ""

    def remove(self) -> None:
        """Delete them."""
        for file in self._files.values():
            file.unlink(missing_ok=True)
