"""The files of the scanned folder, read when they are asked for and never beyond it."""

from pathlib import Path


class Folder:
    """The scanned folder. Implements `stockade.model.Sources`."""

    def __init__(self, root: Path) -> None:
        self.root = root
