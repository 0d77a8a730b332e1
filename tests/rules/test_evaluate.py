"""Changes of the real list as contributors make them, judged from end to end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.context import ListChange, Question
from rules.evaluate import Unreadable, evaluate, read_change, read_whole, wanted
from rules.papers.evidence import Evidence, EvidenceRequest, Record
from rules.policy.policy import Policy
from rules.policy.presets import MOST_CITED, MOST_CITED_2016
from rules.report.report import Report, Verdict
from tests.rules.history import CHANGES
from tests.rules.reading.test_document import REFERENCE

TODAY = date(2017, 10, 1)
OLDER = next(change for change in CHANGES if change.name.startswith("042")).head
NEW = "### New papers\n"
UNUSED = "[[pdf]](https://arxiv.org/pdf/1706.03762)"


def report_on(base: str, head: str, policy: Policy = MOST_CITED) -> Report:
    found = read_change(base, base, head, policy)
    assert not isinstance(found, Unreadable)
    return evaluate(found, policy, None, Question(TODAY))


def change(old: str, new: str, text: str = REFERENCE, policy: Policy = MOST_CITED) -> Report:
    assert old in text
    return report_on(text, text.replace(old, new, 1), policy)


def codes(report: Report) -> list[str]:
    return [f"{finding.rule}/{finding.code}" for finding in report.introduced]


def test_renamed_section_of_people_is_renamed() -> None:
    """A section without papers is known by its lines."""
    report = change(
        "### Distinguished Researchers", "### Distinguished deep learners", OLDER, MOST_CITED_2016
    )
    assert sorted(codes(report)) == ["structure/section-renamed", "structure/toc-anchor-broken"]
    assert report.changes.added == ()


@pytest.mark.parametrize("name", ["### Robotics\n", "### Hardware / Software\n"])
def test_new_section_takes_no_rule_of_years_from_its_neighbour(name: str) -> None:
    """A paper of any year and age may stand in a section that the policy says nothing of."""
    entry = f"- A paper of some age (2016), A. Author et al. {UNUSED.replace('1706', '1606')}\n"
    assert codes(change("### Old Papers", f"{name}{entry}\n### Old Papers")) == ["structure/section-added"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- **2016** :  +60", "- **2016**: +60"),
        ("- **2016** :", "* **2016** :"),
        ('*More Papers from 2016" section', "*More Papers from 2016* section"),
        ("- **2016** :", "- __2016__ :"),
    ],
)
def test_criteria_that_say_the_same_are_unchanged(old: str, new: str) -> None:
    """White space, markers, emphasis and quotes change no criterion."""
    assert codes(change(old, new)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("+60 citations", "+600 citations"), ("+800 citations", "+8.00 citations"), ("**< 6", "**<= 6")],
)
def test_criteria_that_say_another_number_are_changed(old: str, new: str) -> None:
    """A threshold is a criterion, and so is on which side of it a paper is."""
    assert codes(change(old, new)) == ["structure/criteria-changed"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("- DRAW (2016), K. Gregor et al. [[pdf]](https://arxiv.org/abs/1502.04623)\n", "duplicate/same-id"),
        (
            "- YOLO (2016), J. Redmon et al. [[pdf]](http://www.cv-foundation.org/openaccess/content_cvpr_2016/"
            "papers/Redmon_You_Only_Look_CVPR_2016_paper.pdf)\n",
            "duplicate/same-id",
        ),
        (f"- Pointer networks (2015), O. Vinyals et al. {UNUSED}\n", "duplicate/exact"),
        (
            "- Quite another paper (2016), N. Obody et al. [[html]](http://example.org/q)"
            " [[pdf]](https://arxiv.org/pdf/1502.04623)\n",
            "link/same-url-other-entry",
        ),
        (
            "- Quite another paper (2016), N. Obody et al. [[pdf]](https://arxiv.org/pdf/1502.04623)\n",
            "link/same-url-other-entry",
        ),
    ],
)
def test_a_copied_url_is_not_a_second_copy(line: str, code: str) -> None:
    """A title cut short names the paper; another title with its URL is a copied URL."""
    assert code in codes(change(NEW, NEW + line))
    other = {"duplicate/exact", "duplicate/same-id", "link/same-url-other-entry"} - {code}
    assert not other & set(codes(change(NEW, NEW + line)))


@pytest.mark.parametrize("line", [127, 375])
def test_a_repaired_link_makes_no_duplicate(line: int) -> None:
    """Two entries that were one paper before are not introduced by this change."""
    lines = REFERENCE.split("\n")
    lines[line - 1] = lines[line - 1].replace("https://hal-enpc", "https://hal")
    report = report_on(REFERENCE, "\n".join(lines))
    assert codes(report) == []
    assert report.verdict is Verdict.PASS
    old = [finding for finding in report.preexisting if finding.rule == "duplicate"]
    assert [finding.code for finding in old] == ["exact"]


def test_near_title_made_equal_is_a_new_duplicate() -> None:
    """That two titles were much alike before excuses no second entry now."""
    near = f"- DRAW: A recurrent neural network for image generations (2015), K. Gregor et al. {UNUSED}\n"
    base = REFERENCE.replace(NEW, NEW + near)
    report = report_on(base, base.replace("image generations", "image generation"))
    assert "duplicate/exact" in codes(report)


def test_two_papers_may_share_their_code() -> None:
    """Only the link to the paper itself tells papers apart."""
    code = "[[code]](http://github.com/x/y)"
    lines = (
        f"- First work of some people (2017), A. Author et al. {UNUSED} {code}\n"
        f"- Second thing they made (2017), A. Author et al. {UNUSED.replace('03762', '03763')} {code}\n"
    )
    assert not [name for name in codes(change(NEW, NEW + lines)) if name.startswith(("link", "duplicate"))]


def test_bold_title_is_bold_wherever_the_year_is() -> None:
    """A year behind the authors takes nothing from the title's bold."""
    line = "- **A title of its own**, A. Bee (2016) [[pdf]](http://example.org/1.pdf)\n"
    section = "### More Papers from 2016\n"
    found = codes(change(section, section + line))
    assert "format/year-misplaced" in found
    assert "format/not-bold" not in found


def test_section_that_swallows_another_is_not_its_new_name() -> None:
    """The few papers of a section that go to the appendix have moved."""
    start = REFERENCE.index("### Speech / Other Domain")
    end = REFERENCE.index("### Reinforcement Learning / Robotics")
    speech = "".join(line + "\n" for line in REFERENCE[start:end].split("\n") if line.startswith("- "))
    appendix = "*(2015)*\n"
    head = (REFERENCE[:start] + REFERENCE[end:]).replace(appendix, appendix + speech.replace("**", ""))
    report = report_on(REFERENCE, head)
    assert len(report.changes.moved) == 6
    assert "structure/section-removed" in codes(report)
    assert "structure/section-renamed" not in codes(report)


def test_what_the_base_moved_meanwhile_stays_there() -> None:
    """A title corrected on a branch goes with its entry, wherever the base put it since."""
    line = next(line for line in REFERENCE.split("\n") if line.startswith("- **Decaf"))
    appendix = "*(~2014)*\n"
    base = REFERENCE.replace(line + "\n", "").replace(appendix, appendix + line.replace("**", "") + "\n")
    head = REFERENCE.replace("**Decaf: A deep", "**DeCAF: A deep")
    found = read_change(REFERENCE, base, head, MOST_CITED)
    assert not isinstance(found, Unreadable)
    report = evaluate(found, MOST_CITED, None, Question(TODAY))
    assert (report.top_count.base, report.top_count.head) == (99, 99)


def test_lists_of_the_weeks_of_change_keep_their_groups() -> None:
    """Sections under the names they had in February 2017 are what they were."""
    found = read_whole(
        REFERENCE.replace("### HW / SW / Dataset", "### Hardware / Software").replace(
            "### Old Papers", "### Classic Papers"
        ),
        MOST_CITED,
    )
    assert not isinstance(found, Unreadable)
    groups = {listed.section: listed.group.name for listed in found.head.entries}
    assert (groups["Hardware / Software"], groups["Classic Papers"]) == ("reports", "old")
    assert found.head.counted() == 100


def test_removals_are_ranked_by_what_their_year_asks_for() -> None:
    """The weakest of the section that gives way first, with its figures and the ready line."""
    line = f"- **A hundred and first paper** (2015), A. Author et al. {UNUSED.replace('1706', '1506')}\n"
    section = "### Speech / Other Domain\n"
    head = REFERENCE.replace(section, section + line)
    found = read_change(REFERENCE, REFERENCE, head, MOST_CITED)
    asked: EvidenceRequest = wanted(found)
    counts = {query: 100 + 10 * number for number, query in enumerate(asked.count_only)}
    answers = {query: (Record("A source", TODAY, count),) for query, count in counts.items()}
    answers |= {query: (Record("A source", TODAY, 9000),) for query in asked.full}
    report = evaluate(found, MOST_CITED, Evidence(answers), Question(TODAY))
    first = report.removals[0]
    assert "count/over-limit" in codes(report)
    assert (len(report.removals), report.removals_uncounted) == (5, 0)
    assert (first.section, first.citations, first.threshold, first.ratio) == (
        "More Papers from 2016",
        100,
        60,
        1.7,
    )
    assert head.split("\n")[first.line - 1].startswith(f"- **{first.title}**")
    assert first.move_to is not None
    assert first.move_to.text.startswith(f"- {first.title} (2016), ")
    before = head.split("\n")[first.move_to.after_line - 1]
    assert "(2016)" in before or "(2017)" in before


def test_removals_need_a_change_that_adds_to_a_counted_section() -> None:
    """A list that was over its cap before is no reason to ask this author for a removal."""
    policy = replace(MOST_CITED, cap=90)
    found = read_change(REFERENCE, REFERENCE, REFERENCE.replace("(2013)", "(2014)", 1), policy)
    assert isinstance(found, ListChange)
    assert wanted(found).count_only == ()
    report = evaluate(found, policy, None, Question(TODAY))
    assert report.removals == ()
    assert report.removals_uncounted == 0


def test_without_counts_removals_are_listed_and_not_ranked() -> None:
    """No figure is invented: the first ten papers of the section are listed, and the others counted."""
    line = f"- **A hundred and first paper** (2015), A. Author et al. {UNUSED}\n"
    section = "### Speech / Other Domain\n"
    report = change(section, section + line)
    assert len(report.removals) == 10
    assert report.removals_uncounted == 15
    assert {(item.citations, item.threshold, item.ratio) for item in report.removals} == {(None, None, None)}
    assert all("not ranked" in item.why for item in report.removals)


def test_year_that_is_friendlier_than_every_record_is_not_believed() -> None:
    """A pull request does not choose its own threshold."""
    line = f"- **A paper of long ago** (2016), A. Author et al. {UNUSED.replace('1706', '1306')}\n"
    section = "### Speech / Other Domain\n"
    found = read_change(REFERENCE, REFERENCE, REFERENCE.replace(section, section + line), MOST_CITED)
    (query,) = wanted(found).full
    record = Record("A source", TODAY, 100, "A paper of long ago", ("Author",), (2013, 2014))
    report = evaluate(found, MOST_CITED, Evidence({query: (record,)}), Question(TODAY))
    (finding,) = [item for item in report.introduced if item.rule == "citations"]
    assert "papers of 2014 usually need 400" in finding.message
