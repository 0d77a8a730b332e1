"""The part of the policy file that says how a list looks: entries, sections, groups, repeats, order."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from rules.policy.forms import (
    LONGEST_FORM,
    MOST_FORMS,
    FormLine,
    ListForms,
    Numbers,
    Order,
    Repeats,
    Scope,
    Standing,
    YearSource,
)
from rules.policy.policy import Group
from rules.policy.style import Style
from rules.reading.forms.reader import list_form
from rules.reading.forms.template import FormError

_MOST_NAMES = 500  # sections that a policy names; the longest list looked at has 89

FormText = Annotated[str, Field(min_length=3, max_length=LONGEST_FORM)]
Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(max_length=_MOST_NAMES)]
YearSources = Annotated[list[Literal["field", "heading", "id"]], Field(min_length=1, max_length=3)]
Year = Annotated[int, Field(ge=1900, le=2099)]


class Part(BaseModel):
    """What every part of the policy file has in common."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)


class EntryLine(Part):
    """One form of the entries: a line of the list with fields in braces, << >> around what may be missing."""

    form: FormText | None = None
    """The form that new entries have."""
    also: FormText | None = None
    """A form that is right as well."""
    read: FormText | None = None
    """A form that is understood; a new entry in it gets a warning."""
    row: dict[Annotated[str, Field(max_length=100)], FormText] | None = None
    """A row of a table: the form of each cell by the name of its column."""
    links: FormText = "[[{label}]({url})]"
    """How one of the entry's links looks."""
    separator: Annotated[str, Field(min_length=1, max_length=10)] = " "
    """The text between two links."""

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        given = [name for name in ("form", "also", "read", "row") if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError("form", "expected one of form, also, read and row")
        try:
            list_form((self.line(),))
        except FormError as error:
            raise PydanticCustomError("form", "{problem}", {"problem": str(error)}) from error
        return self

    def line(self) -> FormLine:
        """Return the form for the rules."""
        if self.row is not None:
            return FormLine(cells=tuple(self.row.items()))
        text = self.form or self.also or self.read or ""
        standing = Standing.ASKED if self.form else Standing.ALSO if self.also else Standing.READ
        return FormLine(text, standing, self.links, self.separator)


Entries = Annotated[list[EntryLine], Field(min_length=1, max_length=MOST_FORMS)]


class Sections(Part):
    """Sections by heading, or by path: ``Software > Optical Flow``. A section's subsections go with it."""

    skip: Names = []
    """Sections that hold no entries: contents, how to contribute."""
    resources: Names = []
    """Sections of tools, talks, data: judged by their form, never looked up."""
    only: Names | None = None
    """The sections that hold entries, when not all do."""


class GroupPart(Part):
    """Sections that are alike."""

    sections: Names
    """Their headings."""
    entries: Entries | None = None
    """Their own forms, in place of the list's."""
    counted: bool = False
    """Whether they share the cap and have thresholds."""
    papers: bool = True
    """Whether their items are papers at all."""
    resources: bool = False
    """Whether no source is asked about their entries."""
    first_year: Year | None = None
    """The first year that their papers may be of."""
    last_year: Year | None = None
    """The last year that their papers may be of."""
    newest_months: Annotated[int, Field(ge=1, le=1200)] | None = None
    """How old a paper may be, in months."""

    def group(self, name: str) -> Group:
        """Return the group for the rules."""
        return Group(
            name=name,
            sections=tuple(self.sections),
            style=Style(bold=None, year=False, authors=False, link=False),
            counted=self.counted,
            papers=self.papers,
            first_year=self.first_year,
            last_year=self.last_year,
            newest_months=self.newest_months,
            looked_up=not self.resources,
        )


def _key(text: str) -> str:
    if not set(text.split("+")) <= {"title", "link"}:
        raise PydanticCustomError("key", "expected title, link or title+link")
    return text


class RepeatsPart(Part):
    """When two entries are one paper listed twice."""

    within: Literal["list", "section", "off"] = "list"
    """Where a paper is listed once."""
    by: Annotated[list[Annotated[str, AfterValidator(_key)]], Field(min_length=1, max_length=3)] = [
        "title",
        "link",
    ]
    """What the two share: any of title, link, or title+link for both together."""

    def repeats(self) -> Repeats:
        """Return the repeats for the rules."""
        return Repeats(Scope(self.within), tuple(frozenset(each.split("+")) for each in self.by))


class OrderPart(Part):
    """The order of the entries of a section."""

    by: Literal["year", "date", "id"] = "year"
    """What decides: the year, year and month, or the number of the arXiv id."""
    newest: Literal["first", "last"] = "first"
    """Where the newest entry is."""

    def order(self) -> Order:
        """Return the order for the rules."""
        return Order(self.by, self.newest == "first")


def forms_of(
    entries: list[EntryLine],
    sections: Sections,
    groups: dict[str, GroupPart],
    years: YearSources,
    numbers: Literal["counting", "ones", "none"],
    look_up: bool,
) -> ListForms:
    """Return the forms of a list for the rules."""
    return ListForms(
        lines=tuple(entry.line() for entry in entries),
        skip=tuple(sections.skip),
        resources=tuple(sections.resources),
        only=tuple(sections.only or ()),
        years=tuple(map(YearSource, years)),
        numbers=None if numbers == "none" else Numbers(numbers),
        looked_up=look_up,
        of_groups={
            name: tuple(entry.line() for entry in group.entries)
            for name, group in groups.items()
            if group.entries
        },
    )
