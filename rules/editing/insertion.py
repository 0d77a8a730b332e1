"""Where an entry goes in another section, and how it reads there."""

from __future__ import annotations

from dataclasses import replace

from rules.editing.fixes import mended_url
from rules.reading.document import Document, Listed, Section, subgroup_takes
from rules.reading.rendering import render


def rendered_in(section: Section, listed: Listed) -> str:
    """Return an entry's line in the style of another section."""
    links = tuple(replace(link, url=mended_url(link)) for link in listed.entry.links)
    return render(replace(listed.entry, links=links), section.group.style)


def place_in(document: Document, section: Section, listed: Listed) -> int:
    """Return the line after which an entry belongs in a section: in its year's subgroup, the newest first."""
    year = listed.year.value or 0
    there = [item for item in document.entries if item.section == section.name]
    mates = [item for item in there if subgroup_takes(item.subgroup, year)] or there
    newer = [item for item in mates if (item.year.value or year) >= year]
    if newer:
        return newer[-1].end_line
    return mates[0].line - 1 if mates else section.line
