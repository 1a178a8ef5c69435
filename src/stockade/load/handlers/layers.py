"""Folders that a layer adds to where a function's imports are looked up.

Follows "Packaging your layer content" in the AWS Lambda Developer Guide.
"""

import posixpath

from stockade.load.handlers.paths import below
from stockade.model import Resource, Sources

_FOLDERS = {"python": "python", "javascript": "nodejs/node_modules"}
_VERSIONS = tuple(f"lib/python3.{minor}/site-packages" for minor in range(7, 16))


def layer_roots(layer: Resource, content: str, language: str, sources: Sources) -> tuple[str, ...]:
    """Return the folders of a layer that are on the path of a runtime.

    A layer that `sam build` builds holds the modules themselves (`BuildMethod`); another holds
    them in the folder that Lambda expects.
    """
    if sources.is_file(content):
        return ()
    expected = below(content, _FOLDERS[language])
    if posixpath.basename(content) == "python" and language == "python":
        expected = content if not sources.is_folder(expected) else expected
    if sources.is_folder(expected):
        nested = (below(expected, version) for version in _VERSIONS)
        return (expected, *(path for path in nested if sources.is_folder(path)))
    if layer.metadata is not None and "BuildMethod" in layer.metadata:
        return (content,)
    return ()
