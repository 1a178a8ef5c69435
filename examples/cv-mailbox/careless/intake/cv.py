"""The text of a CV."""

import os

import extract

FOLDER = "/tmp/cvs"


def read(attachment):
    return extract.text_of(save(attachment))


def save(attachment):
    path = os.path.join(FOLDER, attachment.name)
    # some mail programs send the name with its folder
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(attachment.content)
    return path
