"""Policies of real lists, by name."""

from __future__ import annotations

from rules.policy.policy import Group, Policy
from rules.policy.style import Style

_LOOSE = Style(year=False, authors=False, label="web")

MOST_CITED = Policy(
    name="most-cited",
    groups=(
        Group(
            name="top",
            sections=(
                "Understanding / Generalization / Transfer",
                "Optimization / Training Techniques",
                "Unsupervised / Generative Models",
                "Convolutional Neural Network Models",
                "Image: Segmentation / Object Detection",
                "Image / Video / Etc",
                "Recurrent Neural Network Models",
                "Natural Language Process",
                "Natural Language Processing",
                "Natural Language Processing / RNNs",
                "Speech / Other Domain",
                "Reinforcement Learning",
                "Reinforcement Learning / Robotics",
                # Their names while the list was made over, in February 2017:
                "Understanding / Generalization",
                "Optimization / Training Technique",
                "Network Models",
                "Object Detection",
                "Unsupervised / Adversarial",
                "Image",
                "Caption / Visual QnA",
                "Video / Human Activity",
                "Word Embedding",
                "Machine Translation / QnA",
                "RNN / LSTM / Memory Network",
                "Speech / Etc.",
                "RL / Robotics",
            ),
            style=Style(bold=True),
            counted=True,
            first_year=2012,
        ),
        Group(
            name="recent",
            sections=("More Papers from 2016",),
            style=Style(bold=True),
            counted=True,
            first_year=2016,
            last_year=2016,
        ),
        Group(name="new", sections=("New papers",), newest_months=6),
        Group(name="old", sections=("Old Papers", "Classic Papers"), last_year=2011),
        Group(name="reports", sections=("HW / SW / Dataset", "Hardware / Software")),
        Group(
            name="surveys",
            sections=("Book / ListChange / Review", "Book / ListChange / Review / Tutorial / Blog"),
        ),
        Group(name="people", sections=("Distinguished Researchers",), papers=False),
        Group(name="lectures", sections=("Video Lectures / Tutorials / Blogs",), style=_LOOSE),
        Group(name="appendix", sections=("Appendix: More than Top 100",)),
    ),
    cap=100,
    thresholds={2012: 800, 2013: 600, 2014: 400, 2015: 200, 2016: 60},
    exempt="More Papers from 2016",
    exempt_year=2016,
    prefer_removal="More Papers from 2016",
    appendix="Appendix: More than Top 100",
    criteria="Awesome list criteria",
    companion="top100papers.bib",
)

_MARKED = Style(bold=None, tags=True, marks=True)

# The same list before 14 February 2017; its sections were still changing names.
MOST_CITED_2016 = Policy(
    name="most-cited-2016",
    groups=(
        Group(
            name="papers",
            sections=(
                "Understanding / Generalization",
                "Theory / Understanding",
                "Theory / Future",
                "Theory / Distillation",
                "Optimization / Regularization",
                "Optimization / Training Technique",
                "CNN Models",
                "Network Models",
                "RNN / LSTM",
                "RNN / LSTM / Memory Network",
                "Unsupervised",
                "Unsupervised / Adversarial",
                "Image",
                "Image / Scene",
                "Image: Segmentation",
                "Image: Object detection",
                "Image: Super-resolution, etc.",
                "Object Detection",
                "Caption",
                "Caption / Visual QnA",
                "Video / Caption",
                "Video / Human Activity",
                "Human Activity",
                "Word Embedding",
                "Machine Translation / QnA",
                "Machine Translation / NLP etc.",
                "Speech / Etc.",
                "Speech / Other Applications",
                "RL / Robotics",
            ),
            style=_MARKED,
        ),
        Group(
            name="surveys",
            sections=(
                "ListChange / Review",
                "Book / ListChange / Review",
                "Book / ListChange / Review / Tutorial / Blog",
            ),
            style=_MARKED,
        ),
        Group(name="hardware", sections=("Hardware / Software",), style=_MARKED),
        Group(name="new", sections=("New papers", "Papers Worth Reading"), style=_MARKED),
        Group(name="classic", sections=("Classic Papers",), style=_MARKED, last_year=2011),
        Group(name="people", sections=("Distinguished Researchers",), papers=False),
    ),
    criteria="Awesome list criteria",
)

PRESETS = {policy.name: policy for policy in (MOST_CITED, MOST_CITED_2016)}
DEFAULT = MOST_CITED.name
