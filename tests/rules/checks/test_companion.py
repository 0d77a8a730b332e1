"""The list's BibTeX file is judged by what the change does to it and to the top sections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rules.bibliography.matching import Bibliography, Companion
from rules.context import ListChange, Question
from rules.evaluate import Unreadable, evaluate, read_change, read_whole, wanted
from rules.papers.evidence import Evidence, Record
from rules.papers.identifiers import Identifier
from rules.policy.presets import MOST_CITED
from rules.report.findings import Finding, Severity
from rules.report.report import as_json
from tests.paths import DATA
from tests.rules.bib import read_bib

TODAY = date(2026, 11, 24)
LIST = DATA / "list"
README = (LIST / "README.md").read_text()
BIB = (LIST / "top100papers.bib").read_text()
READ = read_bib(BIB)
PATH = "top100papers.bib"
SECTION = "### Optimization / Training Techniques\n"
NEW = "- **Mask R-CNN** (2017), K. He et al. [[pdf]](https://arxiv.org/pdf/1703.06870)\n"
RESNET = "- **Deep residual learning for image recognition** (2016), K. He et al. [[pdf]](http://arxiv.org/pdf/1512.03385)\n"


def beside(companion: Companion | None, found: ListChange | Unreadable) -> ListChange:
    """Return a change of a list with its BibTeX file."""
    assert not isinstance(found, Unreadable)
    return replace(found, companion=companion)


def found(
    head: str,
    after: Bibliography | None,
    before: Bibliography | None = READ,
    base: str = README,
    evidence: Evidence | None = None,
) -> list[Finding]:
    """Return what the rule says of a change that the change introduces."""
    companion = Companion(PATH, before, after) if after else None
    of = beside(companion, read_change(base, base, head, MOST_CITED))
    report = evaluate(of, MOST_CITED, evidence, Question(TODAY))
    return [finding for finding in report.introduced if finding.rule == "companion"]


def test_true_differences_of_the_real_list() -> None:
    """Nine, each checked by hand.

    Missing: two papers came to the top without their entry. Surplus: three have moved to the appendix.
    Differing: the list says "Loffe" for Ioffe; "Q. Le et al.", where the file has what Le published alone;
    two authors of eight; and one author of three. No differences are "modeling" for "modelling", "1MB" for
    "0.5 MB" (97.8 of 100 alike), "A. Oord" for "Oord, Aaron van den", and the year that line 126 lacks.
    """
    of = beside(Companion(PATH, None, READ), read_whole(README, MOST_CITED))
    report = evaluate(of, MOST_CITED, None, Question(TODAY))
    said = [finding for finding in report.findings if finding.rule == "companion"]
    assert all(finding.introduced and finding.severity is Severity.WARNING for finding in said)
    assert [(finding.code, finding.line, finding.message.partition(PATH)[0]) for finding in said] == [
        ("surplus", None, 'Remove the entry "girshick2016region" in line 238 of '),
        ("surplus", None, 'Remove the entry "toshev2014deeppose" in line 358 of '),
        ("surplus", None, 'Remove the entry "chung2016character" in line 407 of '),
        ("differing", 84, 'Compare with "ioffe2015batch" in line 60 of '),
        ("differing", 100, 'Compare with "le2013building" in line 141 of '),
        ("missing", 108, "Add an entry for this paper to "),
        ("missing", 149, "Add an entry for this paper to "),
        ("differing", 153, 'Compare with "zheng2015conditional" in line 382 of '),
        ("differing", 173, 'Compare with "graves2013speech" in line 515 of '),
    ]
    assert [finding.message.partition(": it has ")[2] for finding in said if finding.code == "differing"] == [
        "author Ioffe, here Loffe.",
        '1 author, here Le "et al.".',
        "8 authors, here 2.",
        "3 authors, here 1.",
    ]


def test_old_differences_are_not_introduced() -> None:
    """A change of the lectures leaves all nine where they were."""
    assert found(README.replace("## Distinguished", "## Our distinguished"), READ) == []


def test_a_top_paper_without_its_entry_gets_the_entry_to_paste() -> None:
    """And with its entry, added at the end, nothing is reported."""
    head = README.replace(RESNET, NEW + RESNET)
    (finding,) = found(head, READ)
    assert (finding.code, finding.title, finding.line) == (
        "missing",
        "Mask R-CNN",
        head[: head.index(NEW)].count("\n") + 1,
    )
    assert finding.paste is not None
    assert found(head, read_bib(BIB + finding.paste)) == []


def test_a_paper_taken_out_of_the_top_leaves_its_entry_behind() -> None:
    """Deleted or moved to the appendix: the entry is surplus, until it goes too."""
    gone = README.replace(RESNET, "")
    appendix = "### Appendix: More than Top 100"
    moved = gone.replace(f"{appendix}\n", f"{appendix}\n{RESNET.replace('**', '')}")
    assert moved != gone != README
    for head in (gone, moved):
        (finding,) = found(head, READ)
        assert (finding.code, finding.title) == ("surplus", "Deep residual learning for image recognition")
        assert '"he2016deep"' in finding.message
    start = BIB.index("@inproceedings{he2016deep")
    rest = BIB[:start] + BIB[BIB.index("@", start + 1) :]
    assert found(gone, read_bib(rest)) == []
    (missing,) = found(README, read_bib(rest))
    assert missing.code == "missing"


def test_only_the_altered_part_of_a_paper_counts() -> None:
    """A year that the change alters is reported; the authors that differed before are not."""
    (finding,) = found(README.replace("** (2015), S. Loffe", "** (2014), S. Loffe"), READ)
    assert finding.message.endswith(": it has year 2015, here 2014.")


def test_a_list_without_the_file_is_not_checked_for_it() -> None:
    """No companion, no finding, and nothing looked up for it."""
    head = README.replace(RESNET, NEW + RESNET)
    assert found(head, None) == []
    of = read_change(README, README, README.replace("** (2015), S. Loffe", "** (2015), S. Ioffe"), MOST_CITED)
    assert not isinstance(of, Unreadable)
    assert of.companion is None


def test_a_new_file_is_judged_whole() -> None:
    """A pull request that adds the file is responsible for all of it."""
    assert {finding.code for finding in found(README, READ, before=None)} == {
        "missing",
        "surplus",
        "differing",
    }


def test_a_file_that_cannot_be_read_is_reported_once() -> None:
    """With the reason, and not again while nothing changes."""
    broken = Bibliography(unreadable="it is larger than 256 KiB")
    (finding,) = found(README, broken)
    assert finding.code == "unreadable"
    assert finding.message.endswith("cannot be read: it is larger than 256 KiB.")
    assert found(README, broken, before=broken) == []
    after = read_bib(BIB + "@article{new, title={Unclosed\n")
    (finding,) = found(README, after)
    assert "@article{new, title={Unclosed" in finding.message
    assert found(README, after, before=after) == []


def test_a_second_copy_of_a_paper_needs_no_second_entry() -> None:
    """The rule ``duplicate`` reports it."""
    assert found(README.replace(RESNET, RESNET + RESNET), READ) == []


def test_two_entries_of_one_paper_are_one_too_many() -> None:
    """The second one is surplus."""
    start = BIB.index("@inproceedings{he2016deep")
    twice = BIB + BIB[start : BIB.index("@", start + 1)].replace("he2016deep", "he2016again")
    (finding,) = found(README, read_bib(twice))
    assert (finding.code, '"he2016again"' in finding.message) == ("surplus", True)


def test_entry_to_paste_is_made_from_the_record() -> None:
    """It is asked for, even in the section whose papers need no citations; authors are the record's."""
    base, line = SECTION, NEW.replace("2017", "2016")
    companion = Companion(PATH, Bibliography(), Bibliography())
    head = "### More Papers from 2016\n" + line
    without = base + head.replace(line, "")
    of = beside(companion, read_change(without, without, base + head, MOST_CITED))
    (query,) = wanted(of).full
    record = Record(
        "A source",
        TODAY,
        9000,
        "Mask R-CNN",
        ("He", "Gkioxari"),
        (2016,),
        identifiers=frozenset({Identifier("doi", "10.1109/iccv.2017.322")}),
        authors=("Kaiming He", "Georgia Gkioxari"),
    )
    report = evaluate(of, MOST_CITED, Evidence({query: (record,)}), Question(TODAY))
    (text,) = [finding.paste for finding in report.findings if finding.code == "missing"]
    assert text == (
        "@article{he2016mask,\n"
        "  title={Mask R-CNN},\n"
        "  author={Kaiming He and Georgia Gkioxari},\n"
        "  journal={arXiv preprint arXiv:1703.06870},\n"
        "  doi={10.1109/iccv.2017.322},\n"
        "  year={2016},\n"
        "  url={https://arxiv.org/pdf/1703.06870}\n"
        "}"
    )
    assert text in [finding["paste"] for finding in as_json(report)["findings"]]


def test_a_policy_can_make_it_an_error() -> None:
    """A policy changes its severity as that of any other rule."""
    head = README.replace(RESNET, NEW + RESNET)
    policy = replace(MOST_CITED, severities={"companion/missing": Severity.ERROR})
    of = beside(Companion(PATH, READ, READ), read_change(README, README, head, policy))
    report = evaluate(of, policy, None, Question(TODAY))
    assert [finding.severity for finding in report.introduced if finding.rule == "companion"] == [
        Severity.ERROR
    ]
