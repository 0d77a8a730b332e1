"""What a check run's request may hold: read into values, refused as GitHub refuses it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tests.sandbox.http import RefusalError, invalid
from tests.sandbox.model import Action, Annotation, CheckRun, Output

if TYPE_CHECKING:
    from tests.sandbox.model import Json
    from tests.sandbox.state import State

# REST, "Create a check run": 50 annotations a request, 65,535 characters of summary and of text (counted in
# bytes), three actions of 20, 40 and 20 characters. Ten states, of which these three may be set by an App.
MAX_ANNOTATIONS = 50
MAX_TEXT_BYTES = 65_535
MAX_RAW_DETAILS_BYTES = 64 * 1024
MAX_ACTIONS = 3
ACTION_LENGTHS = {"label": 20, "description": 40, "identifier": 20}
STATUSES = ("queued", "in_progress", "completed")
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")
LEVELS = ("notice", "warning", "failure")


def refused(name: str, message: str, code: str = "invalid") -> RefusalError:
    """Return a 422 about one field of a check run."""
    return invalid(message, resource="CheckRun", name=name, code=code)


def apply(state: State, run: CheckRun, body: Json) -> CheckRun:
    """Return the check run as a request changes it.

    Only what the request names changes, but an `output` replaces title, summary and text as a whole, and its
    annotations are added to those there.

    Raises:
        RefusalError: 422 of anything GitHub would not take.
    """
    status, conclusion = _state(run, body)
    times = _times(state, run, body, status)
    changed = replace(run, status=status, conclusion=conclusion, started_at=times[0], completed_at=times[1])
    changed = replace(changed, history=(*run.history, body))
    changed = replace(
        changed,
        name=_text(body, "name") or run.name,
        external_id=_text(body, "external_id") or run.external_id,
        details_url=_text(body, "details_url") or run.details_url,
    )
    if "output" in body:
        changed = replace(changed, output=_output(run.output, body["output"]))
    if "actions" in body:
        changed = replace(changed, actions=_actions(body["actions"]))
    return changed


def _state(run: CheckRun, body: Json) -> tuple[str, str | None]:
    conclusion = body.get("conclusion")
    status = body.get("status", "completed" if conclusion else run.status)
    if status not in STATUSES:
        raise refused("status", f"status is not one of {', '.join(STATUSES)}")
    if status != "completed":
        return str(status), None
    conclusion = conclusion or run.conclusion
    if conclusion is None:
        raise refused("conclusion", "conclusion is required of a completed check run", "missing_field")
    if conclusion not in CONCLUSIONS:
        raise refused("conclusion", f"conclusion is not one of {', '.join(CONCLUSIONS)}")
    return status, str(conclusion)


def _times(state: State, run: CheckRun, body: Json, status: str) -> tuple[datetime, datetime | None]:
    started = _time(body, "started_at") or run.started_at
    if status != "completed":
        return started, None
    return started, _time(body, "completed_at") or run.completed_at or state.now()


def _time(body: Json, name: str) -> datetime | None:
    value = body.get(name)
    if value is None:
        return None
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as error:
        raise refused(name, f"{name} is not a timestamp") from error


def _text(body: Json, name: str, *, required: bool = False) -> str | None:
    value = body.get(name)
    if value is None and not required:
        return None
    if not isinstance(value, str) or (required and not value):
        raise refused(name, f"{name} wasn't supplied", "missing_field")
    return value


def _output(known: Output, asked: object) -> Output:
    if not isinstance(asked, dict):
        raise refused("output", "output is not an object")
    title = _text(asked, "title") or known.title
    if not title:
        raise refused("title", "title wasn't supplied", "missing_field")
    summary, text = _text(asked, "summary", required=True), _text(asked, "text")
    for name, value in (("summary", summary), ("text", text)):
        if value and len(value.encode()) > MAX_TEXT_BYTES:
            raise refused(
                name, f"Only {MAX_TEXT_BYTES} characters are allowed; {len(value.encode())} were supplied."
            )
    return Output(title, summary, text, known.annotations + _annotations(asked.get("annotations") or []))


def _annotations(asked: object) -> tuple[Annotation, ...]:
    if not isinstance(asked, list):
        raise refused("annotations", "annotations is not an array")
    if len(asked) > MAX_ANNOTATIONS:
        raise refused(
            "annotations", f"{MAX_ANNOTATIONS} annotations are allowed; {len(asked)} were supplied."
        )
    return tuple(_annotation(item) for item in asked)


def _annotation(item: object) -> Annotation:
    if not isinstance(item, dict):
        raise refused("annotations", "an annotation is not an object")
    lines = (item.get("start_line"), item.get("end_line"))
    start, end = lines
    if not (isinstance(start, int) and isinstance(end, int) and 1 <= start <= end):
        raise refused("annotations", f"start_line and end_line are not in order: {lines}")
    columns = (item.get("start_column"), item.get("end_column"))
    if any(column is not None for column in columns) and start != end:
        raise refused("annotations", "columns are allowed only where start_line and end_line are the same")
    level = item.get("annotation_level")
    if level not in LEVELS:
        raise refused("annotation_level", f"annotation_level is not one of {', '.join(LEVELS)}")
    path, message = _text(item, "path", required=True), _text(item, "message", required=True)
    raw = _text(item, "raw_details")
    for text in (message, raw):
        if text and len(text.encode()) > MAX_RAW_DETAILS_BYTES:
            raise refused("annotations", "an annotation's message or raw_details is over 64 KB")
    return Annotation(
        path or "",
        start,
        end,
        str(level),
        message or "",
        _text(item, "title"),
        raw,
        columns[0] if isinstance(columns[0], int) else None,
        columns[1] if isinstance(columns[1], int) else None,
    )


def _actions(asked: object) -> tuple[Action, ...]:
    if not isinstance(asked, list) or len(asked) > MAX_ACTIONS:
        raise refused("actions", f"at most {MAX_ACTIONS} actions are allowed")
    return tuple(_action(item) for item in asked)


def _action(item: object) -> Action:
    if not isinstance(item, dict):
        raise refused("actions", "an action is not an object")
    fields = {name: _text(item, name, required=True) or "" for name in ACTION_LENGTHS}
    for name, longest in ACTION_LENGTHS.items():
        if len(fields[name]) > longest:
            raise refused("actions", f"{name} is too long (maximum is {longest} characters)")
    return Action(**fields)
