"""The rule ``link``: an entry's links are written correctly and lead to the paper."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from rules.changes.apply import ResultEntry
from rules.changes.same_paper import same_work, titled_alike
from rules.context import ListChange, RuleContext
from rules.editing.fixes import first_url, is_abstract, mended_url, without_tracking
from rules.entry_check import Fault, check_entries
from rules.form_check import markup_faults_of
from rules.link_status import check_links, urls_to_follow
from rules.papers.evidence import EvidenceRequest
from rules.papers.urls import split
from rules.policy.forms import Scope
from rules.policy.policy import Policy
from rules.reading.document import Listed
from rules.reading.links import Link, LinkForm
from rules.report.findings import Finding, Severity
from rules.rule import Code, Rule, place_of, related_to

_WEB = re.compile(r"(?:https?|ftp)://(?!\w+:/)(?:[^\s/@]*@)?[^\s/:]+\.[^\s/]+|https?://\[", re.IGNORECASE)
_ADDRESS = re.compile(r"\A\d{1,3}(?:\.\d{1,3}){3}\Z|:")
_HTML = re.compile(r"\.x?html?\Z", re.IGNORECASE)
_NO_LABEL = re.compile(r"\[\[?\s*\]\]?\(\s*[^\s)]")
# papers.nips.cc/paper/5423-generative-adversarial-nets.pdf names the title in full,
# cv-foundation.org .../He_Deep_Residual_Learning_CVPR_2016_paper.pdf the first author and first words of it.
_NIPS_SLUG = re.compile(r"/paper/\d+-(?P<words>[a-z0-9-]+?)(?:\.pdf)?\Z")
_CVF_SLUG = re.compile(r"/[^/_]+_(?P<words>\w+?)_(?:\d{4}|CVPR|ICCV|ECCV|WACV)_\w*paper\.pdf\Z")
_HALF = 0.5
_SHOWN = 20  # characters of stray brackets that a message quotes
_MOST_OF_ONE_URL = 20  # entries of one URL that each is compared with: comparing all with all is quadratic

_FORMS = {
    LinkForm.SPACE: (
        "space-between",
        "Remove the space between `[[{label}]]` and `(url)`; GitHub makes no link of it.",
    ),
    LinkForm.SPLIT: ("split-line", "Put the entry on one line; its link is broken."),
    LinkForm.EMPTY: ("empty-url", "Add the URL after `[[{label}]]`: there is none."),
    LinkForm.BROKEN: ("broken-markup", "Write the link as `[[{label}]](url)`; its markup is broken."),
}


def check(context: RuleContext) -> Iterator[Finding]:
    """Yield what is wrong with each entry's links, URLs that two papers share, and new links that are dead.

    Bad: missing-link
        - **Spatial transformer network** (2015), M. Jaderberg et al.
    Bad: empty-url
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[pdf]]()
    Bad: empty-label
        - **Spatial transformer network** (2015), M. Jaderberg et al. [[]](http://arxiv.org/pdf/1506.02025)
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
        # A URL copied from another entry is reported once, as what it is.
        if finding.code != "wrong-paper" or (finding.line, finding.title) not in places:
            yield finding
    yield from check_links(context, RULE)


def wanted(list_change: ListChange) -> EvidenceRequest:
    """Return the links to follow."""
    return EvidenceRequest(urls=urls_to_follow(list_change))


RULE = Rule(
    name="link",
    summary="The links of an entry are written correctly and lead to the paper.",
    why="A link with broken markup shows its URL as text, and a link to another paper, to a page that is gone"
    " or to an abstract where `[[pdf]]` is promised sends readers astray.",
    how="Write each link as `[[pdf]](url)` on the line of its entry, with the URL of this paper. Only new"
    " links are followed. A link that could not be reached never holds the merge: services answer programs"
    " worse than people.",
    codes=(
        Code("missing-link", Severity.ERROR, "The entry has no link."),
        Code("empty-url", Severity.ERROR, "The link has no URL, or one that leads nowhere."),
        Code("empty-label", Severity.ERROR, "The link has no label, so nobody can click it."),
        Code("space-between", Severity.ERROR, "A space between label and URL breaks the link."),
        Code("split-line", Severity.ERROR, "A line break between label and URL breaks the link."),
        Code("broken-markup", Severity.ERROR, "The brackets or the URL of the link are broken."),
        Code("same-url-other-entry", Severity.ERROR, "The URL is that of another entry."),
        Code("arxiv-abs", Severity.WARNING, "`[[pdf]]` leads to an arXiv abstract page."),
        Code("html-not-pdf", Severity.WARNING, "`[[pdf]]` leads to a web page."),
        Code("raw-ip", Severity.WARNING, "The URL names its host by a number."),
        Code("tracking", Severity.WARNING, "The URL has tracking parameters."),
        Code("url-space", Severity.WARNING, "A space stands inside the parentheses of the link."),
        Code("no-scheme", Severity.WARNING, "The URL does not begin with `http://` or `https://`."),
        Code("brackets", Severity.WARNING, "The label stands in single brackets."),
        Code("wrong-paper", Severity.WARNING, "The file name in the URL names another paper."),
        Code("dead", Severity.ERROR, "The link is dead: the page does not exist."),
        Code("unreachable", Severity.WARNING, "The link could not be verified."),
    ),
    check=check,
    wanted=wanted,
)


def faults(listed: Listed) -> Iterator[Fault]:
    """Yield what is wrong with the links of one entry, looking at nothing but its text."""
    entry = listed.entry
    if entry.fit is not None:
        yield from markup_faults_of(listed)
        return
    if not entry.links and listed.group.style.link:
        yield Fault("missing-link", "Add a link to the paper: `[[pdf]](url)`.")
    for link in entry.links:
        if link.form in _FORMS:
            code, message = _FORMS[link.form]
            yield Fault(code, message.format(label=link.label or "pdf"))
    if re.search(r"[\])]", entry.extra) and all(link.works for link in entry.links):
        yield Fault("broken-markup", f"Remove the extra `{entry.extra[:_SHOWN]}` after the link.")
    if _NO_LABEL.search(entry.text):
        yield Fault(
            "empty-label", "Add a label to the link, such as `[[pdf]]`: without one nobody can click it."
        )
    for link in entry.links:
        if link.url:
            yield from _kind(link)
            if _names_other_title(link.url, listed):
                yield Fault("wrong-paper", "Check the link: its file name names another paper.")


def _kind(link: Link) -> Iterator[Fault]:
    is_pdf = link.label.strip().lower() == "pdf"
    if link.form is LinkForm.PLAIN:
        yield Fault("brackets", f"Put the label in double brackets: `[[{link.label or 'pdf'}]](url)`.")
    if link.padded:
        yield Fault("url-space", "Remove the space inside the parentheses of the link.")
    if first_url(link.url) != link.url:
        yield Fault("broken-markup", "Keep one URL: the link holds two.")
    elif is_pdf and is_abstract(link.url):
        yield Fault("arxiv-abs", f"Link to the PDF, {mended_url(link)}: this leads to its abstract page.")
    elif is_pdf and _HTML.search(split(link.url).path):
        yield Fault("html-not-pdf", "Link to the PDF, or write `[[html]]`: this leads to a web page.")
    if _ADDRESS.search(split(link.url).hostname or ""):
        yield Fault("raw-ip", "Name the host in the URL: a numeric address may change.")
    if without_tracking(link.url) != link.url:
        yield Fault("tracking", "Remove the tracking parameters from the URL.")
    yield from _address(link.url)


def _address(url: str) -> Iterator[Fault]:
    """Yield what is wrong with the beginning of a URL that leads nowhere."""
    if _WEB.match(url):
        return
    if re.search(r"[:/]{2}|^\w+:", url) or url.startswith("/"):
        yield Fault("broken-markup", "Begin the URL with `https://` and a host: it leads nowhere.")
    elif "." in url or "/" in url:
        yield Fault("no-scheme", "Begin the URL with `http://` or `https://`.")
    else:
        yield Fault("empty-url", "Replace the URL: it leads nowhere.")


def _names_other_title(url: str, listed: Listed) -> bool:
    path = split(url).path
    match = _NIPS_SLUG.search(path) or _CVF_SLUG.search(path)
    if not match:
        return False
    words = [word for word in re.split(r"[-_]", match["words"].lower()) if len(word) > 2]
    title = set(re.findall(r"[a-z0-9]{3,}", listed.entry.full_title.lower()))
    joined = "".join(sorted(title))
    known = sum(1 for word in words if word in title or word in joined)
    return bool(words) and known / len(words) < _HALF


def _shared_urls(context: RuleContext) -> Iterator[Finding]:
    """Yield the entries whose URL is that of another paper: copied, and not replaced."""
    policy = context.policy
    if policy.repeats.within is Scope.OFF:
        return
    entries = context.list_change.result
    by_place: dict[str, list[int]] = defaultdict(list)
    for number, result in enumerate(entries):
        place = result.listed.paper_place
        if place:
            by_place[place].append(number)
    relinked = _relinked(context.list_change)
    for numbers in by_place.values():
        new = [number for number in numbers if id(entries[number].head) in relinked]
        for number in new or numbers[1:]:
            entry = entries[number]
            others = islice(numbers, _MOST_OF_ONE_URL)
            other = next(
                (entries[other] for other in others if _another_paper(policy, entries, number, other)), None
            )
            if other is None or entry.head is None:
                continue
            yield RULE.at(
                entry.head,
                "same-url-other-entry",
                f'Replace the URL: it is that of "{other.listed.title}", {place_of(other)}.',
                introduced=bool(new),
                related=(related_to(other),),
            )


def _relinked(list_change: ListChange) -> set[int]:
    """Return the entries of head (by id) whose links the change adds or replaces."""
    return {
        id(after)
        for after, before in list_change.touched()
        if before is None or before.places != after.places
    }


def _another_paper(policy: Policy, entries: tuple[ResultEntry, ...], number: int, other: int) -> bool:
    """Return whether two entries of one URL are different papers, so that one has the other's URL."""
    one, two = entries[number].listed, entries[other].listed
    if number == other or same_work(one, two) or titled_alike(one, two):
        return False
    if policy.forms is None:
        return True
    if policy.repeats.within is Scope.SECTION and one.path != two.path:
        return False
    # Where two entries may share a page, only titles without a word in common show a copied URL.
    words = [set(re.findall(r"[^\W\d_]{3,}", listed.title.casefold())) for listed in (one, two)]
    return policy.repeats.names("link") or not words[0] & words[1]
