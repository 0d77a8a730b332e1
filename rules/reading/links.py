"""The links of an entry: ``[[pdf]](url)``, and the many ways in which that goes wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

# A URL with parentheses that balance, as CommonMark reads it; two levels are deeper than any real one.
_URL = r"(?:[^\s()<>]|\((?:[^\s()]|\([^\s()]*\))*\))+"
_LABEL = r"[^\[\]()\n]{0,60}"
_TITLE = r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?"
_GOOD = re.compile(rf"\[\[(?P<label>{_LABEL})\]\]\((?P<pad>\s*)<?(?P<url>{_URL})>?(?P<pad2>[ \t]*){_TITLE}\)")
_SPACED = re.compile(rf"\[\[(?P<label>{_LABEL})\]\]\(\s*(?P<url>(?:https?:|www\.)[^()\n]*?)\s*\)")
_PLAIN = re.compile(
    rf"\[(?P<label>{_LABEL})\]\((?P<url>{_URL}){_TITLE}\)|\[\[(?P<label2>{_LABEL})\]\((?P<url2>{_URL})\)\]"
)
_APART = re.compile(rf"\[{{1,2}}(?P<label>{_LABEL})\]{{1,2}}(?P<gap>\s+)\(\s*(?P<url>{_URL})\s*\)")
_EMPTY = re.compile(rf"\[\[(?P<label>{_LABEL})\]\](?:\(\s*\))?(?!\s*\(?\s*(?:https?:|www\.))")
_BROKEN = re.compile(
    rf"\[{{0,3}}(?P<label>{_LABEL})\]{{1,3}}\s*\(*\s*(?P<url>(?:https?:|www\.){_URL})\s*[\])]*"
    rf"|\(?\s*<?(?P<url2>(?:https?://|www\.){_URL})>?\s*\)?"
)
_START = re.compile(
    r"\[\[|\[[^\[\]\n]{0,60}\]{1,2}\s*\(|\[\w+\]\]|\]\]?\s*\(\s*https?:|\(?<?https?://|\(?www\."
)


class LinkForm(Enum):
    """How a link is written."""

    GOOD = "[[label]](url)"
    PLAIN = "a link that works, in other brackets"
    SPACE = "a space between label and URL"
    SPLIT = "a line break between label and URL"
    EMPTY = "no URL"
    BROKEN = "broken markup"


@dataclass(frozen=True, slots=True)
class Link:
    """One link as read; ``padded`` when white space stands inside the parentheses."""

    label: str
    url: str
    form: LinkForm
    padded: bool = False

    @property
    def works(self) -> bool:
        """True when GitHub makes a link of it."""
        return self.form in {LinkForm.GOOD, LinkForm.PLAIN}

    @property
    def canonical(self) -> str:
        """The link as the list writes it."""
        return f"[[{self.label or 'pdf'}]]({self.url})"


def first_link(text: str, position: int = 0) -> int:
    """Return where the next link of ``text`` from ``position`` on begins; its length where there is none."""
    match = _START.search(text, position)
    return match.start() if match else len(text)


def read_links(text: str) -> tuple[tuple[Link, ...], str]:
    """Return the links of ``text``, which begins with one, and what stands between and after them."""
    links: list[Link] = []
    rest: list[str] = []
    position = 0
    while position < len(text):
        found = _read_link(text, position)
        if found:
            link, position = found
            links.append(link)
        else:
            following = first_link(text, position + 1)
            rest.append(text[position:following])
            position = following
    return tuple(links), " ".join("".join(rest).split())


def _read_link(text: str, position: int) -> tuple[Link, int] | None:
    good = _GOOD.match(text, position)
    if good:
        padded = bool(good["pad"] or good["pad2"])
        return Link(good["label"].strip(), good["url"], LinkForm.GOOD, padded), good.end()
    plain = _PLAIN.match(text, position)
    if plain:
        label, url = plain["label"] or plain["label2"] or "", plain["url"] or plain["url2"]
        return Link(label.strip(), url, LinkForm.PLAIN), plain.end()
    apart = _APART.match(text, position)
    if apart:
        form = LinkForm.SPLIT if "\n" in apart["gap"] else LinkForm.SPACE
        return Link(apart["label"].strip(), apart["url"], form), apart.end()
    empty = _EMPTY.match(text, position)
    if empty:
        return Link(empty["label"].strip(), "", LinkForm.EMPTY), empty.end()
    return _read_broken(text, position)


def _read_broken(text: str, position: int) -> tuple[Link, int] | None:
    spaced = _SPACED.match(text, position)
    if spaced:
        url = "%20".join(re.sub(r"://\s+", "://", spaced["url"]).split())
        return Link(spaced["label"].strip(), url, LinkForm.BROKEN), spaced.end()
    broken = _BROKEN.match(text, position)
    if broken:
        url = (broken["url"] or broken["url2"]).rstrip("],.")
        return Link((broken["label"] or "").strip(), url, LinkForm.BROKEN), broken.end()
    return None
