"""A short list under the policy `most-cited`, and changes of it."""

from __future__ import annotations

UNDERSTANDING = "### Understanding / Generalization / Transfer\n"
APPENDIX = "### Appendix: More than Top 100\n"

README = f"""\
# Most cited papers

Papers to read.

{UNDERSTANDING}\
- **Distilling the knowledge in a neural network** (2015), G. Hinton et al. [[pdf]](http://arxiv.org/pdf/1503.02531)
- **Visualizing and understanding convolutional networks** (2014), M. Zeiler and R. Fergus [[pdf]](http://arxiv.org/pdf/1311.2901)

### Old Papers
- Natural language processing (almost) from scratch (2011), R. Collobert et al. [[pdf]](http://arxiv.org/pdf/1103.0398)

{APPENDIX}\
*(2015)*
- Fast R-CNN (2015), R. Girshick. [[pdf]](http://arxiv.org/pdf/1504.08083)
"""

LAST = README.split("\n")[6] + "\n"
"""The last of the two papers that count."""

CLEAN = "- Spatial transformer network (2015), M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)\n"
WITHOUT_YEAR = "- Spatial transformer network, M. Jaderberg et al. [[pdf]](http://arxiv.org/pdf/1506.02025)\n"
MERGED = "- **Memory networks** (2014), J. Weston et al. [[pdf]](https://arxiv.org/pdf/1410.3916)\n"
WITHOUT_LINK = "- Spatial transformer network (2015), M. Jaderberg et al.\n"


def appended(*entries: str, readme: str = README) -> str:
    """Return the list with these entries at the end of its appendix, outside the top sections."""
    return readme + "".join(entries)


def topped(entry: str, readme: str = README) -> str:
    """Return the list with an entry at the start of its first top section."""
    return readme.replace(UNDERSTANDING, UNDERSTANDING + entry)


def topped_last(entry: str) -> str:
    """Return the list with an entry after the last that counts."""
    return README.replace(LAST, LAST + entry)


def line_of(readme: str, entry: str) -> int:
    """Return the number of an entry's line, counted from 1."""
    return readme.split("\n").index(entry.rstrip("\n")) + 1
