"""The text of a CV."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

PDFTOTEXT = "/opt/bin/pdftotext"
LONGEST_TEXT = 200_000
SECONDS = 20


def text_of(pdf):
    """Run pdftotext on a file of our own name, without a shell and without our environment."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cv.pdf"
        path.write_bytes(pdf)
        try:
            result = subprocess.run(
                [PDFTOTEXT, "-layout", "-q", str(path), "-"],
                capture_output=True,
                check=True,
                timeout=SECONDS,
                env={"LD_LIBRARY_PATH": "/opt/lib"},
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return ""
    return result.stdout.decode("utf-8", "replace")[:LONGEST_TEXT]
