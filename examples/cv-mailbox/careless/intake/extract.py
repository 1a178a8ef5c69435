"""Text extractors for the kinds of file that people send."""

import subprocess

EXTRACTORS = {
    "pdf": "pdftotext -layout {path} -",
    "txt": "cat {path}",
}


def text_of(path):
    extension = path.rsplit(".", 1)[-1].lower()
    if extension not in EXTRACTORS:
        return ""
    return run(EXTRACTORS[extension].format(path=path))


def run(command):
    result = subprocess.run(command, shell=True, capture_output=True, timeout=60)
    if result.returncode != 0:
        print("extractor failed:", command, result.stderr)
    return result.stdout.decode("utf-8", "replace")
