"""Tests of ``bot.files.policy_file``: what a policy file may say, and what it says when it is wrong."""

from __future__ import annotations

from pathlib import Path

import jsonschema_rs
import pytest

from bot.files.policy_file import PolicyError, Problem, json_schema, read_policy
from bot.files.strict_yaml import YamlError, load
from rules.policy.presets import MOST_CITED, MOST_CITED_2016
from rules.report.findings import Severity
from tests.paths import DOCS

GOOD = [
    "severities: {structure/unreadable: decision}",
    "",
    "# only a comment\n",
    "preset: most-cited",
    "preset: most-cited-2016",
    "list: docs/papers.md",
    "list: ..a/..b.md",
    "companion: docs/papers.bib",
    "companion: null",
    "suggestions: false",
    "bare_commands: false",
    "command_roles: {waive: [admin, maintain], recheck: [author]}",
    "suggestions: true",
    "cap: null",
    "cap: ~",
    "cap: 1",
    "thresholds: {}",
    "thresholds: {2015: 0, '2016': 100}",
    "severities: {citations: error, citations/below-threshold: decision, placement/pre-2012: off}",
    "severities:\n  order: off\n  count: decision\n  format: warning",
]

# What is wrong, where, and a word of what the file is told.
BAD = [
    ("preset: most-cite", "preset", "did you mean most-cited?"),
    ("preset: null", "preset", "expected text"),
    ("presets: most-cited", "presets", "did you mean preset?"),
    (
        "colour: red",
        "colour",
        "expected one of appendix, bare_commands, cap, command_roles, companion, criteria, entries,",
    ),
    ("list: /etc/passwd", "list", "path of a file"),
    ("list: ../README.md", "list", "path of a file"),
    ("list: a/../b.md", "list", "path of a file"),
    ("list: ./README.md", "list", "path of a file"),
    ("list: a//b", "list", "path of a file"),
    ("list: docs/", "list", "path of a file"),
    ("list: 'a\\b'", "list", "path of a file"),
    ('list: "a\\n"', "list", "path of a file"),
    ("list: ''", "list", "path of a file"),
    ("list: 3", "list", "expected text"),
    ("companion: ../a.bib", "companion", "path of a file"),
    ("suggestions: 'no'", "suggestions", "expected true or false"),
    ("suggestions: 1", "suggestions", "expected true or false"),
    ("command_roles: {wave: [admin]}", "command_roles.wave", "did you mean waive?"),
    ("command_roles: {waive: [boss]}", "command_roles.waive.0", "expected one of admin"),
    ("command_roles: {waive: admin}", "command_roles.waive", "expected a list"),
    ("cap: 0", "cap", "expected 1 or more"),
    ("cap: -5", "cap", "expected 1 or more"),
    ("cap: '100'", "cap", "expected a whole number"),
    ("cap: 0100", "cap", "expected a whole number"),
    ("cap: 1.5", "cap", "expected a whole number"),
    ("cap: true", "cap", "expected a whole number"),
    ("cap: [1]", "cap", "expected a whole number"),
    ("thresholds: [200]", "thresholds", "expected keys with values"),
    ("thresholds: {15: 200}", "thresholds.15", "expected a year"),
    ("thresholds: {2015: many}", "thresholds.2015", "expected a whole number"),
    ("thresholds: {2015: -1}", "thresholds.2015", "expected 0 or more"),
    ("thresholds: {2015: 1000000001}", "thresholds.2015", "expected 1000000000 or less"),
    ("severities: {citatons: error}", "severities.citatons", "did you mean citations?"),
    (
        "severities: {citations/below-treshold: error}",
        "severities.citations/below-treshold",
        "below-threshold?",
    ),
    ("severities: {structure/illegible: off}", "severities.structure/illegible", "no such name"),
    ("severities: {xyz: off}", "severities.xyz", "expected one of citations, companion, count, duplicate"),
    ("severities: {order: none}", "severities.order", "'error', 'decision', 'warning' or 'off'"),
    ("severities: {order: unverified}", "severities.order", "'error', 'decision', 'warning' or 'off'"),
    ("severities: {order: false}", "severities.order", "'error', 'decision', 'warning' or 'off'"),
    ("- preset", "", "expected keys with values"),
    ("most-cited", "", "expected keys with values"),
]

# Text that is no plain data at all.
UNREADABLE = [
    ("cap: 1\ncap: 2", "line 2: the key 'cap' stands here a second time"),
    ("thresholds:\n  2015: 1\n  '2015': 2", "line 3: the key '2015' stands here a second time"),
    ("a: &x [1]\nb: *x", "line 2: aliases"),
    ("cap: !!int 3", "line 1: tags"),
    ("list: !!python/name:os.system", "line 1: tags"),
    ("? [a, b]\n: 1", "line 1: a key must be plain text"),
    ("cap: [", "line 1: expected the node content"),
    ("cap: 1\n---\ncap: 2", "line 2: but found another document"),
    ("cap: \x00", "character"),
    ("[" * 60_000, "nested too deeply"),
    ("# " + "é" * 33_000, "larger than 64 KiB"),
]


@pytest.mark.parametrize("text", GOOD)
def test_good_files_are_accepted(text: str) -> None:
    """The reader and the published schema both accept it."""
    read_policy(text)
    assert jsonschema_rs.is_valid(json_schema(), load(text) or {})


@pytest.mark.parametrize(("text", "where", "message"), BAD)
def test_bad_files_are_refused_with_place_and_remedy(text: str, where: str, message: str) -> None:
    """The reader says where and what is allowed; the published schema refuses it too."""
    with pytest.raises(PolicyError) as refused:
        read_policy(text)
    (problem,) = refused.value.problems
    assert problem.where == where
    assert message in problem.message
    assert not jsonschema_rs.is_valid(json_schema(), load(text))


@pytest.mark.parametrize(("text", "message"), UNREADABLE)
def test_what_is_no_plain_yaml_is_refused(text: str, message: str) -> None:
    """The reader says why, and in which line where it can."""
    with pytest.raises(YamlError):
        load(text)
    with pytest.raises(PolicyError) as refused:
        read_policy(text)
    (problem,) = refused.value.problems
    assert message in str(problem)


def test_every_problem_is_reported_at_once() -> None:
    """A maintainer mends the file in one go."""
    with pytest.raises(PolicyError) as refused:
        read_policy("cap: 0\nlist: /x\nseverities: {order: none}\nextra: 1")
    assert [problem.where for problem in refused.value.problems] == [
        "list",
        "cap",
        "severities.order",
        "extra",
    ]
    assert str(refused.value).splitlines()[1] == "line 1: cap: expected 1 or more"
    assert str(Problem("", "is empty")) == "is empty"


def test_an_empty_file_is_the_default_preset() -> None:
    """Nothing said is the list as the preset has it."""
    assert read_policy("") == MOST_CITED
    assert read_policy("preset: most-cited-2016") == MOST_CITED_2016


def test_overrides_stand_beside_the_preset() -> None:
    """What the file says replaces the preset's, the rest stays."""
    policy = read_policy(
        "list: papers.md\ncap: 50\nthresholds: {2015: 300, 2017: 40}\n"
        "severities: {order: off, citations: error}"
    )
    assert (policy.path, policy.cap) == ("papers.md", 50)
    assert policy.thresholds == {**MOST_CITED.thresholds, 2015: 300, 2017: 40}
    assert policy.severities == {"order": None, "citations": Severity.ERROR}
    assert policy.groups == MOST_CITED.groups


def test_a_null_cap_takes_the_cap_away() -> None:
    """No cap said is the preset's, null is none."""
    assert read_policy("cap: null").cap is None
    assert read_policy("list: README.md").cap == 100


def test_the_schema_is_valid() -> None:
    """The JSON Schema that the model makes is one."""
    jsonschema_rs.meta.validate(json_schema())


LISTS = sorted((DOCS / "lists").glob("*.yml"))

# A policy that names forms, what is wrong with it, and the line.
BAD_FORMS = [
    ("entries: []", "entries", 1, "at least 1"),
    ("list: a.md\nentries:\n  - form: '{author}'", "entries.0", 3, "no such field"),
    ("entries:\n  - form: 'no field'", "entries.0", 2, "expected the field {title}"),
    ("entries:\n  - form: '{title}{text}'", "entries.0", 2, "nobody can tell them apart"),
    ("entries:\n  - form: '<<{title}>>'", "entries.0", 2, "outside << >>"),
    ("entries:\n  - form: '{title} << {year}'", "entries.0", 2, "expected >> after <<"),
    ("entries:\n  - form: '{title} {title}'", "entries.0", 2, "stands twice"),
    ("entries:\n  - also: '{title}'\n    link: '[{url}]'", "entries.0.link", 3, "did you mean links?"),
    ("entries:\n  - form: '{title}'\n    read: '{title}.'", "entries.0", 2, "expected one of form"),
    ("entries:\n  - row: {Paper: '{year}'}", "entries.0", 2, "column with the field {title}"),
    ("entries: [form: '{title}']\nyear: [fields]", "year.0", 2, "expected"),
    ("entries: [form: '{title}']\nrepeats: {by: [titel]}", "repeats.by.0", 2, "title, link or title+link"),
    ("entries: [form: '{title}']\npreset: most-cited", "preset", 2, "leave it out"),
    ("numbers: counting", "numbers", 1, "add entries"),
]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: str(path.stem))
def test_policies_of_real_lists_are_read(path: Path) -> None:
    """The examples in the documentation are policies that can be used as they are."""
    policy = read_policy(path.read_text())
    assert policy.forms is not None
    assert policy.forms.lines


@pytest.mark.parametrize(("text", "where", "line", "message"), BAD_FORMS)
def test_bad_forms_are_refused_at_their_line(text: str, where: str, line: int, message: str) -> None:
    """A message names the key, its line, and what to do."""
    with pytest.raises(PolicyError) as refused:
        read_policy(text)
    (problem,) = refused.value.problems
    assert (problem.where, problem.line) == (where, line)
    assert message in problem.message
