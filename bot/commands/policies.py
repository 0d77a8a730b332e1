"""Find the policy that a command uses: the one named, or the repository's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from bot.commands.git import Repository
from bot.commands.inputs import InputError, read_content
from rules.policy.policy import Policy
from rules.policy.presets import DEFAULT, PRESETS

PATH = ".github/papergate.yml"


@dataclass(frozen=True, slots=True)
class ChosenPolicy:
    """A policy, and where it comes from as a clause; ``origin`` is None when the user named it."""

    policy: Policy
    origin: str | None = None

    def announce(self, form: str) -> None:
        """Say on standard error which policy was found, unless the user named it.

        Only beside text: whoever runs a command for its JSON may read both streams as one.
        """
        if self.origin is not None and form == "text":
            from bot.render.escape import plain

            click.echo(f"papergate: policy: {plain(self.origin)}", err=True)


def named_policy(preset: str | None, config: Path | None) -> ChosenPolicy | None:
    """Return the policy that the options name, None when they name none.

    Raises click.UsageError for an unusable policy file, and for both options at once.
    """
    if preset is not None and config is not None:
        raise click.UsageError("use --preset or --config, not both: a policy file names its own preset")
    if preset is not None:
        return ChosenPolicy(PRESETS[preset])
    return None if config is None else ChosenPolicy(read_policy_file(config))


def policy_beside(file: Path) -> ChosenPolicy:
    """Return the policy beside a list, or at the root of its repository; without one the default preset.

    Raises click.UsageError when there is one that cannot be used. It may be a contributor's file, so a link
    that leads out of the repository is not followed.
    """
    root = root_of(file)
    for path in (file.absolute().parent / PATH, root / PATH):
        if path.is_file():
            if not path.resolve().is_relative_to(root.resolve()):
                raise click.UsageError(
                    f"{path} is a link that leads elsewhere: name its target with --config"
                )
            return ChosenPolicy(read_policy_file(path), str(path))
    return _default(f"beside {file} or at the root of its repository")


def root_of(file: Path) -> Path:
    """Return the top directory of the repository that holds ``file``, else the directory of ``file``."""
    folder = file.absolute().parent
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)


def policy_at(repository: Repository, ref: str) -> ChosenPolicy:
    """Return the policy of a commit; without one the default preset.

    Raises click.UsageError when there is one that cannot be used, `InputError` when git fails.
    """
    content = repository.content(repository.commit(ref), PATH)
    if content is None:
        return _default(f"at {ref}")
    return ChosenPolicy(_read(content, f"{PATH} at {ref}"), f"{PATH} at {ref}")


def read_policy_file(path: Path) -> Policy:
    """Return the policy of a file. Raises click.UsageError, which names everything that is wrong with it."""
    try:
        content = read_content(path)
    except InputError as error:
        raise click.UsageError(str(error)) from error
    return _read(content, str(path))


def _read(content: bytes, name: str) -> Policy:
    from bot.files.policy_file import PolicyError, read_policy

    try:
        return read_policy(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{name} is not UTF-8: byte {error.start} is not valid") from error
    except PolicyError as error:
        raise click.UsageError(f"{name}: {'; '.join(map(str, error.problems))}") from error


def _default(where: str) -> ChosenPolicy:
    return ChosenPolicy(PRESETS[DEFAULT], f'preset "{DEFAULT}", because there is no {PATH} {where}')
