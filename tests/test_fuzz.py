"""A short run of ``tests.fuzz`` with fixed seeds, and the seeds that once found a fault."""

from __future__ import annotations

import pytest

from tests.fuzz import READERS, SEEDS, FuzzError, Reader, run


@pytest.mark.attack("Hostile variations of everything that strangers write")
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_reader_raises_only_its_own_errors(reader: Reader) -> None:
    """Sixty texts each, made from real ones by random changes; each ends in time."""
    for seed in {*SEEDS, *range(1000, 1060)}:
        run(reader, seed)


def test_another_error_is_reported_with_its_seed() -> None:
    """So that it can be repeated."""
    with pytest.raises(FuzzError, match=r"broken, seed 7: .*Error"):
        run(Reader("broken", lambda text: text.encode("ascii"), ("é",)), 7)
