"""The policy file of a list, ``.github/papergate.yml``: strict and small.

One model reads the file and makes the published JSON Schema, so that the two cannot differ.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.files.form_model import (
    Entries,
    EntryLine,
    GroupPart,
    OrderPart,
    Part,
    RepeatsPart,
    Sections,
    YearSources,
    forms_of,
)
from bot.files.strict_yaml import YamlError, line_of, load
from bot.slash.commands import NAMES
from bot.slash.roles import Role
from rules.policy.policy import Policy
from rules.policy.presets import DEFAULT, PRESETS
from rules.report.findings import Severity
from rules.rule_table import NAMES as RULE_NAMES
from rules.sentences import nearest

PATH = ".github/papergate.yml"

_SHOWN = 60  # characters of a value or a name that a message quotes

_MESSAGES = {
    "bool_type": "expected true or false",
    "dict_type": "expected keys with values",
    "greater_than_equal": "expected {ge} or more",
    "int_type": "expected a whole number",
    "less_than_equal": "expected {le} or less",
    "list_type": "expected a list",
    "literal_error": "expected {expected}",
    "model_type": "expected keys with values",
    "string_type": "expected text",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the file: the key, dotted, or empty for the whole file, and its line (from 1)."""

    where: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.where}: {self.message}" if self.where else place + self.message


class PolicyError(Exception):
    """The policy file cannot be used; ``problems`` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


_SEGMENT = r"(?!\.{1,2}(?:/|$))[^/\\\x00-\x1f]+"
_RELATIVE = re.compile(rf"^{_SEGMENT}(?:/{_SEGMENT})*$")


def _relative(path: str) -> str:
    if not _RELATIVE.fullmatch(path):
        raise PydanticCustomError("path", "expected the path of a file in the repository, without . and ..")
    return path


def _year(year: str) -> str:
    if not re.fullmatch(_YEAR, year):
        raise PydanticCustomError("year", "expected a year such as 2015")
    return year


def _among(names: Iterable[str]) -> AfterValidator:
    known = tuple(names)

    def check(name: str) -> str:
        if name not in known:
            raise PydanticCustomError("name", "{problem}", {"problem": f"no such name{_meant(name, known)}"})
        return name

    return AfterValidator(check)


_YEAR = "^(?:19|20)[0-9]{2}$"

RelativePath = Annotated[
    str, AfterValidator(_relative), WithJsonSchema({"type": "string", "pattern": _RELATIVE.pattern})
]
Preset = Annotated[str, _among(PRESETS), WithJsonSchema({"enum": [*PRESETS]})]
Year = Annotated[str, AfterValidator(_year), WithJsonSchema({"type": "string", "pattern": _YEAR})]
Name = Annotated[str, _among(RULE_NAMES)]
RoleNames = Annotated[
    list[Annotated[str, _among(Role)]], WithJsonSchema({"type": "array", "items": {"enum": [*Role]}})
]
CommandName = Annotated[str, _among(NAMES)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Level = Literal["error", "decision", "warning", "off"]


def _without_default(schema: dict[str, Any]) -> None:
    """Take out the default: without the key the preset's value holds."""
    del schema["default"]


class _File(BaseModel):
    """How Papergate judges pull requests to this list."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", title="Papergate policy", use_attribute_docstrings=True
    )

    preset: Preset = DEFAULT
    """Built-in policy to start from; the keys below override it. Leave it out where ``entries`` says how
    the list looks."""
    list: RelativePath = "README.md"
    """The list, a file of the repository."""
    cap: Annotated[int, Field(ge=1)] | None = Field(None, json_schema_extra=_without_default)
    """The most papers the top sections may hold, null for no limit."""
    companion: RelativePath | None = Field(None, json_schema_extra=_without_default)
    """The BibTeX file of the papers in the top sections, null for none."""
    entries: Entries | None = None
    """The forms of the list's entries, the most usual first. Without it the preset's form holds."""
    sections: Sections = Sections()
    """Which sections hold entries."""
    groups: Annotated[dict[str, GroupPart], Field(max_length=100)] = {}
    """Sections with rules of their own: a cap, years, another form."""
    year: YearSources = ["field"]
    """Where the year is read, the first source that has one: the entry, its heading, its arXiv id."""
    numbers: Literal["counting", "ones", "none"] = "none"
    """How numbered entries are numbered."""
    repeats: RepeatsPart | None = None
    """When a paper is listed twice."""
    order: OrderPart | Literal["none"] | None = None
    """The order of the entries of a section."""
    look_up: bool = True
    """Whether papers are looked up at bibliographic services."""
    criteria: str | None = Field(None, max_length=200)
    """The section that states the list's criteria."""
    exempt: str | None = Field(None, max_length=200)
    """The section where papers of ``exempt_year`` need no citations."""
    exempt_year: Annotated[int, Field(ge=1900, le=2099)] | None = None
    """The year whose papers need no citations in ``exempt``."""
    prefer_removal: str | None = Field(None, max_length=200)
    """The section that gives way first when the cap is reached."""
    appendix: str | None = Field(None, max_length=200)
    """The section where a removed paper goes."""
    thresholds: dict[Year, Count] = Field({}, json_schema_extra={"additionalProperties": False})
    """Citations that a paper of a year needs, beside the preset's."""
    evidence_days: Annotated[int, Field(ge=1, le=365)] = 7
    """How many days a citation count or record stands before it is looked up again."""
    suggestions: bool = True
    """Whether corrections are suggested on the lines of a pull request, to commit by a click."""
    bare_commands: bool = True
    """Whether a maintainer's command may stand without /papergate before it, as /recheck."""
    command_roles: dict[CommandName, RoleNames] = Field(
        {}, json_schema_extra={"propertyNames": {"enum": [*NAMES]}}
    )
    """Who may give a command, in place of those who may usually."""
    severities: dict[Name, Level] = Field({}, json_schema_extra={"propertyNames": {"enum": [*RULE_NAMES]}})
    """How much a rule, or one of its findings (rule/code), weighs."""


_OF_LISTS = (
    "sections", "groups", "year", "numbers", "repeats", "order", "look_up", "criteria", "exempt",
    "exempt_year", "prefer_removal", "appendix",
)  # fmt: skip


def read_policy(text: str) -> Policy:
    """Return the policy that ``text``, the content of a policy file, states. Raises PolicyError."""
    try:
        data = load(text)
    except YamlError as error:
        raise PolicyError([Problem("", str(error))]) from error
    try:
        file = _File.model_validate({} if data is None else data)
    except ValidationError as error:
        raise PolicyError(_problem(details, text) for details in error.errors(include_url=False)) from error
    problems = [Problem(name, message, line_of(text, [name])) for name, message in _contradictions(file)]
    if problems:
        raise PolicyError(problems)
    return _policy(file)


def _contradictions(file: _File) -> Iterator[tuple[str, str]]:
    """Yield the keys that do not go together, each with what to do."""
    if file.entries is not None:
        if "preset" in file.model_fields_set:
            yield "preset", "leave it out: entries says how the list looks"
        return
    for name in _OF_LISTS:
        if name in file.model_fields_set:
            yield name, "a preset has its own; add entries, the forms of the list, to say it here"


def json_schema() -> dict[str, JsonValue]:
    """Return the JSON Schema (2020-12) of the policy file."""
    schema = _File.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _policy(file: _File) -> Policy:
    preset = _listed(file, file.entries) if file.entries else PRESETS[file.preset]
    return dataclasses.replace(
        preset,
        path=file.list,
        cap=file.cap if "cap" in file.model_fields_set else preset.cap,
        companion=file.companion if "companion" in file.model_fields_set else preset.companion,
        evidence_days=file.evidence_days,
        suggestions=file.suggestions,
        bare_commands=file.bare_commands,
        command_roles={name: frozenset(roles) for name, roles in file.command_roles.items()},
        thresholds={**preset.thresholds, **{int(year): count for year, count in file.thresholds.items()}},
        severities={
            **preset.severities,
            **{name: None if level == "off" else Severity(level) for name, level in file.severities.items()},
        },
    )


def _listed(file: _File, entries: list[EntryLine]) -> Policy:
    """Return the policy of a list that says how it looks."""
    return Policy(
        name=file.list,
        groups=tuple(group.group(name) for name, group in file.groups.items()),
        forms=forms_of(entries, file.sections, file.groups, file.year, file.numbers, file.look_up),
        repeats=(file.repeats or RepeatsPart()).repeats(),
        order=file.order.order() if isinstance(file.order, OrderPart) else None,
        criteria=file.criteria,
        exempt=file.exempt,
        exempt_year=file.exempt_year,
        prefer_removal=file.prefer_removal,
        appendix=file.appendix,
    )


def _problem(details: ErrorDetails, text: str) -> Problem:
    where = [part for part in details["loc"] if part != "[key]"]
    line = line_of(text, where) if where else None
    return Problem(".".join(map(str, where))[:_SHOWN], _message(details), line)


def _message(details: ErrorDetails) -> str:
    if details["type"] == "extra_forbidden":
        return f"no such key{_meant(str(details['loc'][-1]), _keys_at(details['loc'][:-1]))}"
    message = _MESSAGES.get(details["type"])
    return message.format(**details.get("ctx", {})) if message else details["msg"]


def _keys_at(where: tuple[str | int, ...]) -> Iterable[str]:
    """Return the keys that the part of the file at ``where`` may have."""
    parts: dict[str, type[Part]] = {
        "entries": EntryLine,
        "sections": Sections,
        "groups": GroupPart,
        "repeats": RepeatsPart,
        "order": OrderPart,
    }
    for name in reversed(where):
        if name in parts:
            return parts[str(name)].model_fields
    return _File.model_fields


def _meant(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence: what was probably meant by ``name``, or what there is."""
    names = sorted(known)
    near = nearest(name[:_SHOWN], names)
    if near is not None:
        return f"; did you mean {near}?"
    return f"; expected one of {', '.join(name for name in names if '/' not in name)}"
