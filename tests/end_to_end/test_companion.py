"""A list with a BibTeX file beside it: the bot keeps the two in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.end_to_end.papers import topped

if TYPE_CHECKING:
    from tests.end_to_end.place import Place

PATH = "top100papers.bib"
BIB = """\
@article{hinton2015distilling,
  title={Distilling the knowledge in a neural network},
  author={Hinton, Geoffrey and Vinyals, Oriol and Dean, Jeff},
  year={2015}
}
@inproceedings{zeiler2014visualizing,
  title={Visualizing and understanding convolutional networks},
  author={Zeiler, Matthew D and Fergus, Rob},
  year={2014}
}
"""
NEW = "- **A cited paper** (2015), A. Author and B. Writer [[pdf]](https://arxiv.org/pdf/1502.20002)\n"
ENTRY = """\
@article{author2015cited,
  title={A cited paper},
  author={Ann Author and Bob Writer},
  journal={arXiv preprint arXiv:1502.20002},
  year={2015},
  url={https://arxiv.org/pdf/1502.20002}
}
"""


def test_an_added_paper_comes_with_its_entry_to_paste(place: Place) -> None:
    """It holds nothing; pasted into the file, the entry takes the warning away."""
    place.create(**{PATH: BIB})
    place.sandbox.scholar.add_arxiv(
        "1502.20002", "A cited paper", year=2015, citations=700, authors=("Ann Author", "Bob Writer")
    )
    pull = place.open(topped(NEW))
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "success"
    body = place.comment(pull).body
    assert "companion/missing" in body
    assert f"```bibtex\n{ENTRY}```" in body
    pull = place.sandbox.push(pull, {PATH: BIB + ENTRY})
    place.wait_for_looks(pull, 2)
    assert "companion" not in place.comment(pull).body


def test_a_pull_request_to_the_file_alone_is_judged(place: Place) -> None:
    """An entry that goes while its paper stays is missed, though the list is as it was."""
    place.create(**{PATH: BIB})
    pull = place.open_files({PATH: BIB[: BIB.index("@inproceedings")]})
    place.wait_for_looks(pull, 1)
    run = place.check(pull)
    assert run.conclusion == "success"
    (note,) = run.output.annotations
    assert (note.title or "").startswith("companion/missing: Visualizing and understanding")
    assert "zeiler2014visualizing" in (run.output.text or "")


def test_a_file_that_is_no_bibtex_harms_nothing(place: Place) -> None:
    """The verdict on the list stands; the file is said to be unreadable."""
    place.create(**{PATH: BIB})
    pull = place.open_files({"README.md": topped(""), PATH: b"\xff\xfe"})
    place.wait_for_looks(pull, 1)
    assert place.check(pull).conclusion == "success"
    assert "it is not UTF-8" in place.comment(pull).body
