"""Every request to GitHub fails once: a sample of the whole matrix (`python -m tests.fault_matrix`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fault_matrix import BEGIN, END, KINDS, PAGE, STORIES, Matrix, report, sample

if TYPE_CHECKING:
    from tests.end_to_end.place import Stage


def test_a_fault_of_each_request_heals(own_stage: Stage) -> None:
    """Afterwards the right check and exactly one comment are there, in time."""
    matrix = Matrix(own_stage)
    requests = {
        (call.method, call.template): call
        for story in reversed(STORIES)  # of the stories that make a request, the first one counts
        if not story.alone
        for call in matrix.calls(story)
    }
    cells = sample(sorted(requests.values()))
    matrix.run(cells)
    assert report(cells) == ""
    assert len(cells) > 15


def test_the_page_shows_every_kind_of_fault() -> None:
    """docs/reliability.md has a row for each, with the number of requests tried and the time to heal."""
    table = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = [line.split("|")[1].strip() for line in table.strip().splitlines()[2:]]
    assert rows == [kind.name for kind in KINDS]
