"""The rule ``link``: an entry's links are written right and lead to what they promise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

from rules.changes.apply import ResultEntry
from rules.changes.same_paper import same_work, titled_alike
from rules.context import Fault, RuleContext, check_entries
from rules.editing.fixes import first_url, is_abstract, mended_url, without_tracking
from rules.link_status import led_nowhere
from rules.reading.document import Listed
from rules.reading.links import Link, LinkForm
from rules.report.findings import Finding, Related, Severity

RULE = "link"

_WEB = re.compile(r"(?:https?|ftp)://(?!\w+:/)(?:[^\s/@]*@)?[^\s/:]+\.[^\s/]+|https?://\[", re.IGNORECASE)
_ADDRESS = re.compile(r"\A\d{1,3}(?:\.\d{1,3}){3}\Z|:")
_HTML = re.compile(r"\.x?html?\Z", re.IGNORECASE)
# papers.nips.cc/paper/5423-generative-adversarial-nets.pdf names the title in full,
# cv-foundation.org .../He_Deep_Residual_Learning_CVPR_2016_paper.pdf the first author and first words of it.
_NIPS_SLUG = re.compile(r"/paper/\d+-(?P<words>[a-z0-9-]+?)(?:\.pdf)?\Z")
_CVF_SLUG = re.compile(r"/[^/_]+_(?P<words>\w+?)_(?:\d{4}|CVPR|ICCV|ECCV|WACV)_\w*paper\.pdf\Z")
_HALF = 0.5

_FORMS = {
    LinkForm.SPACE: (
        "space-between",
        "Unexpected space between [[{label}]] and (url): GitHub makes no link of it",
    ),
    LinkForm.SPLIT: (
        "split-line",
        "Unexpected line break inside the entry: its link is broken, expected one line",
    ),
    LinkForm.EMPTY: ("empty-url", "Unexpected empty URL after [[{label}]]"),
    LinkForm.BROKEN: ("broken-markup", "Unexpected link markup, expected [[{label}]](url)"),
}


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what is wrong with each entry's links, URLs that two papers share, and new links that are dead.

    Bad: missing-link
        - **Spatial transformer network** (2015), M. Jaderberg et al.
    Bad: empty-url
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]]()
    Bad: space-between
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]] (http://arxiv.org/pdf/1506.02025)
    Bad: split-line
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]]
         (http://arxiv.org/pdf/1506.02025)
    Bad: broken-markup
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf](http://arxiv.org/pdf/1506.02025)
    Bad: broken-markup
        - **Playing atari with deep reinforcement learning** (2013), V. Mnih et al. [[pdf]](http://arxiv.org/pdf/1312.5602.pdf))
    Bad: same-url-other-entry
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
        - **Memory networks** (2014), J. Weston et al. [[pdf]](http://arxiv.org/pdf/1506.02025)
    Bad: arxiv-abs
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/abs/1506.02025)
    Bad: html-not-pdf
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://example.org/spatial.html)
    Bad: raw-ip
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](https://128.84.21.199/pdf/1506.02025)
    Bad: tracking
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025?utm_source=x)
    Bad: url-space
        - **Spatial transformers** (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025 )
    Bad: no-scheme
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](arxiv.org/pdf/1506.02025)
    Bad: brackets
        - **Spatial transformer network** (2015), M. Jaderberg et al. [pdf](http://arxiv.org/pdf/1506.02025)
    Bad: wrong-paper
        - **Memory networks** (2014), J. Weston et al. [[pdf]](http://papers.nips.cc/paper/5854-spatial-transformer-networks.pdf)
    Bad: dead, answers 404
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://example.org/spatial.pdf)
    Bad: unreachable, answers 503
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://example.org/spatial.pdf)
    Good:
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]](http://papers.nips.cc/paper/5854-spatial-transformer-networks.pdf)
        - **Memory networks** (2014), J. Weston et al. [[pdf]](https://arxiv.org/pdf/1410.3916) [[web]](http://example.org/memory.html)
    """
    shared = list(_shared_urls(context))
    places = {(finding.line, finding.title) for finding in shared}
    yield from shared
    for finding in check_entries(context, RULE, faults):
        # A URL copied from another entry is said once, as what it is.
        if finding.code != "wrong-paper" or (finding.line, finding.title) not in places:
            yield finding
    yield from led_nowhere(context, RULE)


def faults(listed: Listed) -> Iterator[Fault]:
    """Yield what is wrong with the links of one entry, looking at nothing but its text."""
    entry = listed.entry
    if not entry.links and listed.group.style.link:
        yield _error("missing-link", "Unexpected entry without a link, expected [[pdf]](url)")
    for link in entry.links:
        if link.form in _FORMS:
            code, message = _FORMS[link.form]
            yield _error(code, message.format(label=link.label or "pdf"))
    if re.search(r"[\])]", entry.extra) and all(link.works for link in entry.links):
        yield _error("broken-markup", f'Unexpected "{entry.extra[:20]}" after the link')
    for link in entry.links:
        if link.url:
            yield from _kind(link)
            if _names_other_title(link.url, listed):
                yield _warning("wrong-paper", "The link's file name names another paper than the title")


def _kind(link: Link) -> Iterator[Fault]:
    host = _host(link.url)
    is_pdf = link.label.strip().lower() == "pdf"
    if link.form is LinkForm.PLAIN:
        yield _warning("brackets", f"Unexpected brackets around the link, expected {link.canonical}")
    if link.padded:
        yield _warning("url-space", "Unexpected space inside the parentheses of the link")
    if first_url(link.url) != link.url:
        yield _error("broken-markup", "Unexpected second URL inside the link's URL")
    elif is_pdf and is_abstract(link.url):
        yield _warning("arxiv-abs", f"Unexpected abstract page behind [[pdf]], expected {mended_url(link)}")
    elif is_pdf and _HTML.search(_path(link.url)):
        yield _warning(
            "html-not-pdf", "Unexpected web page behind [[pdf]], expected the PDF or the label [[html]]"
        )
    if _ADDRESS.search(host):
        yield _warning("raw-ip", "Unexpected numeric address, expected the name of a host")
    if without_tracking(link.url) != link.url:
        yield _warning("tracking", "Unexpected tracking parameters in the URL")
    yield from _address(link.url)


def _address(url: str) -> Iterator[Fault]:
    """Yield what is wrong with a URL's beginning: it leads nowhere as it stands."""
    if _WEB.match(url):
        return
    if re.search(r"[:/]{2}|^\w+:", url) or url.startswith("/"):
        yield _error("broken-markup", "Unexpected beginning of the URL, expected https:// and a host")
    elif "." in url or "/" in url:
        yield _warning("no-scheme", "Unexpected URL without http:// or https://")
    else:
        yield _error("empty-url", "Unexpected URL that leads nowhere")


def _names_other_title(url: str, listed: Listed) -> bool:
    match = _NIPS_SLUG.search(_path(url)) or _CVF_SLUG.search(_path(url))
    if not match:
        return False
    words = [word for word in re.split(r"[-_]", match["words"].lower()) if len(word) > 2]
    title = set(re.findall(r"[a-z0-9]{3,}", listed.entry.full_title.lower()))
    joined = "".join(sorted(title))
    known = sum(1 for word in words if word in title or word in joined)
    return bool(words) and known / len(words) < _HALF


def _shared_urls(context: RuleContext) -> Iterator[Finding]:
    """Yield the entries whose URL is that of another paper: copied, and not replaced."""
    entries = context.list_change.result
    by_place: dict[str, list[int]] = defaultdict(list)
    for number, stands in enumerate(entries):
        place = stands.listed.paper_place
        if place:
            by_place[place].append(number)
    brought = _brought(context)
    said: set[int] = set()
    for numbers in by_place.values():
        new = [number for number in numbers if id(entries[number].head) in brought]
        for number in new or numbers[1:]:
            stands = entries[number]
            first = next((other for other in numbers if _another_paper(entries, number, other)), None)
            if first is None or stands.head is None or number in said:
                continue
            said.add(number)
            other = entries[first]
            yield Finding(
                rule=RULE,
                code="same-url-other-entry",
                severity=Severity.ERROR,
                message=f'Unexpected URL: it is that of another entry, "{other.listed.title}"',
                line=stands.head.line,
                end_line=stands.head.end_line,
                title=stands.head.title,
                introduced=bool(new),
                related=(
                    Related(line=other.head.line) if other.head else Related(base_line=other.listed.line),
                ),
            )


def _brought(context: RuleContext) -> set[int]:
    """Return the entries of head (by id) whose links the change brings."""
    return {
        id(after) for after, before in context.touched() if before is None or before.places != after.places
    }


def _another_paper(entries: tuple[ResultEntry, ...], number: int, other: int) -> bool:
    one, two = entries[number].listed, entries[other].listed
    return number != other and not same_work(one, two) and not titled_alike(one, two)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _error(code: str, message: str) -> Fault:
    return Fault(code, Severity.ERROR, message)


def _warning(code: str, message: str) -> Fault:
    return Fault(code, Severity.WARNING, message)
