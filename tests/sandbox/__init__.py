"""A stateful stand-in of GitHub and four bibliographic services over real HTTP.

It shares no code with the program that is tested against it.
"""

from tests.sandbox.app import App
from tests.sandbox.model import CheckRun, Comment, MergeGroup, Pull, Repository, Review, ReviewComment
from tests.sandbox.sandbox import Sandbox

__all__ = [
    "App",
    "CheckRun",
    "Comment",
    "MergeGroup",
    "Pull",
    "Repository",
    "Review",
    "ReviewComment",
    "Sandbox",
]
