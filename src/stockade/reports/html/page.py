"""The page around the data: one file, which may load nothing and runs only what is ours.

What was scanned is data in a block that no browser executes; the page's own script shows it as
text only, and the content security policy holds it to that: no other script or style runs, nothing
is fetched, and no text is ever turned into markup.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

_BUILT = Path(__file__).parent / "built"

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>stockade</title>
<style>{style}</style>
</head>
<body>
<noscript>This report needs JavaScript, which runs in this file only. \
`stockade scan` writes the same as text.</noscript>
<script id="report" type="application/json">{data}</script>
<script>{script}</script>
</body>
</html>
"""

_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "script-src {script}; style-src {style}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

_MARKUP = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
)
"""What could end the block or begin something else in it, as JSON may write it inside strings."""


def around(data: Mapping[str, Any]) -> str:
    """Put the page around data."""
    script = (_BUILT / "report.js").read_text(encoding="utf-8")
    style = (_BUILT / "report.css").read_text(encoding="utf-8")
    return _PAGE.format(
        policy=_POLICY.format(script=_hash(script), style=_hash(style)),
        style=style,
        script=script,
        data=harmless(data),
    )


def harmless(data: Mapping[str, Any]) -> str:
    """Write data as JSON that means nothing to a reader of HTML, in ASCII."""
    return json.dumps(data, separators=(",", ":")).translate(_MARKUP)


def _hash(text: str) -> str:
    """Name a script or style as a content security policy does: by what it is."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
