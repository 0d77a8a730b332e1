"""Files to start with in a list's repository: the workflow of the Action and a form to suggest a paper."""

from __future__ import annotations

from pathlib import Path

WORKFLOW_PATH = ".github/workflows/papergate.yml"
WORKFLOW = """\
name: Papergate
on:
  pull_request:
    types: [opened, synchronize, reopened, edited]
  merge_group:
permissions:
  contents: read
jobs:
  papergate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with:
          fetch-depth: 0
      - uses: papergate/papergate@v0
"""

ISSUE_FORM_PATH = ".github/ISSUE_TEMPLATE/suggest-a-paper.yml"
# https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
ISSUE_FORM = """\
name: Suggest a paper
description: Suggest a paper for the list, if you do not want to open a pull request.
title: "Paper: "
body:
  - type: input
    id: title
    attributes: { label: Title }
    validations: { required: true }
  - type: input
    id: authors
    attributes: { label: Authors }
    validations: { required: true }
  - type: input
    id: year
    attributes: { label: Year }
    validations: { required: true }
  - type: input
    id: link
    attributes: { label: Link to the paper }
    validations: { required: true }
  - type: input
    id: section
    attributes: { label: Section of the list }
  - type: textarea
    id: why
    attributes: { label: "Why does it belong in the list?" }
    validations: { required: true }
"""


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet, with its folders. Raises OSError, FileExistsError above all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
