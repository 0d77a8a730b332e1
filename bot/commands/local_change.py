"""A change in a local clone, evaluated as the App evaluates a pull request: by the policy of its base."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.commands.git import Repository
from bot.commands.inputs import READ_LIMIT
from bot.commands.policies import PATH
from bot.files.companion_file import CompanionFile
from bot.files.policy_file import PolicyError, read_policy
from bot.render.check import CheckOutput, list_hidden, not_a_list_change, not_configured, policy_error
from bot.service.pipeline import Pipeline, Texts
from rules.policy.policy import Policy
from rules.report.report import Report

_README = "README.md"
_SHOWN_INSTEAD = ".github/README.md"  # GitHub shows it on the repository's page in place of README.md
_LIST_ENDINGS = (".md", ".markdown")


@dataclass(frozen=True, slots=True)
class LocalChange:
    """The commits of a change. ``base`` is the tip of the branch that it goes to."""

    repository: Repository
    merge_base: str
    base: str
    head: str

    def evaluate(self, pipeline: Pipeline) -> Report | CheckOutput:
        """Return the report, or what to say where there is nothing to evaluate. Raises `InputError`."""
        policy = self._policy()
        if isinstance(policy, CheckOutput):
            return policy
        if policy.path == _README and self._adds(_SHOWN_INSTEAD):
            return list_hidden(policy.path, _SHOWN_INSTEAD)
        base_path = policy.path
        if self._content(self.base, base_path) is None and not self._adds(base_path):
            return self._without_list(base_path)
        policy = replace(policy, path=self._path_at_head(base_path))
        if not self._differs(policy.path) and not (policy.companion and self._differs(policy.companion)):
            return not_a_list_change(policy.path)
        return self._report(policy, base_path, pipeline)

    def _content(self, commit: str, path: str) -> bytes | None:
        return self.repository.content(commit, path)

    def _differs(self, path: str) -> bool:
        return self._content(self.merge_base, path) != self._content(self.head, path)

    def _adds(self, path: str) -> bool:
        return self._content(self.merge_base, path) is None and self._content(self.head, path) is not None

    def _policy(self) -> Policy | CheckOutput:
        content = self._content(self.base, PATH)
        if content is None:
            return not_configured()
        try:
            return read_policy(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return policy_error([f"{PATH} is not UTF-8"])
        except PolicyError as error:
            return policy_error([str(problem) for problem in error.problems])

    def _without_list(self, path: str) -> CheckOutput:
        """Return what to say when the base has no list at ``path``."""
        touched = self.repository.changed_paths(self.merge_base, self.head)
        if not any(name.lower().endswith(_LIST_ENDINGS) for name in touched):
            return not_a_list_change(path)
        return policy_error(
            [f"There is no {path} on the base branch. Write the path of the list after list:."]
        )

    def _path_at_head(self, path: str) -> str:
        """Return where the change has the list: before a rename that the base made since."""
        if self._content(self.merge_base, path) is not None or self._content(self.head, path) is not None:
            return path
        return self.repository.renamed_from(self.merge_base, self.base, path) or path

    def _report(self, policy: Policy, base_path: str, pipeline: Pipeline) -> Report:
        texts = []
        for side, commit, path in (
            ("merge base", self.merge_base, policy.path),
            ("base", self.base, base_path),
            ("head", self.head, policy.path),
        ):
            content = self._content(commit, path)
            if content is None and side == "head":
                return pipeline.unreadable(f"{path} is gone", policy).report
            try:
                texts.append((content or b"").decode())
            except UnicodeDecodeError:
                if content is None or len(content) < READ_LIMIT:
                    return pipeline.unreadable(f"{path} at {side} is not UTF-8", policy).report
                texts.append(content.decode(errors="replace"))  # too large to check, whatever it holds
        return pipeline.evaluate(Texts(*texts), policy, self._companion(policy)).report

    def _companion(self, policy: Policy) -> CompanionFile | None:
        if policy.companion is None:
            return None
        after = self._content(self.head, policy.companion)
        before = self._content(self.merge_base, policy.companion)
        return None if after is None else CompanionFile(policy.companion, before, after)
