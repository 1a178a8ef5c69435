"""Published modules that many call, each as a small module of our own that makes the same."""

from stockade.load.terraform.configuration import Configuration


def published(source: str) -> Configuration | None:
    """Return the module that stands for a published one; None for those that are not known."""
    del source
    return None
