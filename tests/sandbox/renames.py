"""Renaming and transferring a repository: everything the stand-in knows of it follows. Hold the lock."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tests.sandbox.model import Repository
    from tests.sandbox.state import State

T = TypeVar("T")
NAMING = ("repository", "head_repository", "parent")
"""Fields that hold a repository's full name."""


def rename(state: State, old: str, new: str) -> Repository:
    """Return the repository under its new name; the old one redirects until another repository takes it."""
    owner, _, name = new.partition("/")
    state.account(owner)
    moved = replace(state.repositories.pop(old), owner=owner, name=name)
    state.repositories[new] = moved
    state.gits[new] = state.gits.pop(old)
    state.former_names[old.lower()] = moved.id
    named: tuple[dict[Any, Any], ...] = (
        state.repositories,
        state.comments,
        state.reviews,
        state.review_comments,
        state.merge_groups,
        state.suites,
        state.check_runs,
    )
    for known in named:
        _rename_values(known, old, new)
    state.pulls = {
        (new if key[0] == old else key[0], key[1]): _renamed(pull, old, new)
        for key, pull in state.pulls.items()
    }
    state.permissions = {
        (new if key[0] == old else key[0], key[1]): role for key, role in state.permissions.items()
    }
    state.test_merges = {
        (new if key[0] == old else key[0], key[1]): sha for key, sha in state.test_merges.items()
    }
    for number, item in state.installations.items():
        if item.repositories is not None:
            names = frozenset(new if each == old else each for each in item.repositories)
            state.installations[number] = replace(item, repositories=_of(names, item.account))
    for value, token in state.tokens.items():
        if token.repositories is not None:
            names = frozenset(new if each == old else each for each in token.repositories)
            state.tokens[value] = replace(token, repositories=names)
    return moved


def _of(names: frozenset[str], account: str) -> frozenset[str]:
    """Return the repositories that belong to an account: a transferred one leaves its installation."""
    return frozenset(name for name in names if name.partition("/")[0].lower() == account.lower())


def _rename_values(known: dict[Any, T], old: str, new: str) -> None:
    for key, value in list(known.items()):
        known[key] = _renamed(value, old, new)


def _renamed(value: T, old: str, new: str) -> T:
    assert is_dataclass(value)
    changed = {
        item.name: new for item in fields(value) if item.name in NAMING and getattr(value, item.name) == old
    }
    return replace(value, **changed) if changed else value  # type: ignore[type-var]  # a frozen value of the model
