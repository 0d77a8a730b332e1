"""Every request to GitHub fails once: a sample of the whole matrix (`python -m tests.fault_matrix`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fault_matrix import STORIES, Matrix, report, sample

if TYPE_CHECKING:
    from tests.end_to_end.place import Stage


def test_a_fault_of_each_request_heals(own_stage: Stage) -> None:
    """Afterwards the right check and exactly one comment are there, in time."""
    matrix = Matrix(own_stage)
    requests = {
        (call.method, call.template): call
        for story in reversed(STORIES)  # of the stories that make a request, the first one counts
        for call in matrix.calls(story)
    }
    cells = sample(sorted(requests.values()))
    matrix.run(cells)
    assert report(cells) == ""
    assert len(cells) > 15
