"""Validates requests, answers and webhook payloads against GitHub's own description of its API.

Formats are not asserted (GitHub's `uri` values include templates); everything else a schema says is. A
response status counts as documented when its operation lists it, or when it is one every operation may
give: see `GENERAL_STATUSES`.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from tests.sandbox.openapi import rest_description, webhook_description

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Request, Response

# "Troubleshooting the REST API" and "Best practices": any operation may refuse credentials (401), rights or
# the rate (403, 429), hide what is not there (404), find the request unprocessable (400, 422), answer a
# conditional GET (304) and redirect (301, 307). The description lists them for some operations only.
GENERAL_STATUSES: Mapping[str, tuple[str, ...]] = {
    "301": ("basic-error",),
    "304": (),
    "307": ("basic-error",),
    "400": ("basic-error",),
    "401": ("basic-error",),
    "403": ("basic-error",),
    "404": ("basic-error",),
    "422": ("validation-error", "validation-error-simple", "basic-error"),
    "429": ("basic-error",),
}
# The description asks of each listed installation that its account be a user *and* an enterprise; the single
# installation's schema, `installation`, has it right. And it asks of a conflict to be one of two errors and
# not the other, where neither has a field of its own that is required.
CORRECTED: Mapping[str, dict[str, Any]] = {
    "GET /app/installations 200": {"type": "array", "items": {"$ref": "#/components/schemas/installation"}},
    "PUT /repos/{owner}/{repo}/contents/{path} 409": {"$ref": "#/components/schemas/basic-error"},
}
METHODS = ("get", "post", "put", "patch", "delete")
# Path parameters that may hold slashes.
GREEDY = frozenset({"path", "ref", "basehead", "branch"})


@dataclass(frozen=True)
class Operation:
    """One operation of the description, with the pattern its paths match."""

    method: str
    template: str
    pattern: re.Pattern[str]
    described: Mapping[str, Any]


class Contract:
    """Collects in `violations` what does not fit; one for each sandbox, the compiled schemas are shared."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._violations: list[str] = []

    @property
    def violations(self) -> list[str]:
        """Return one line for each thing that did not fit."""
        with self._lock:
            return list(self._violations)

    def take(self) -> list[str]:
        """Return the violations and forget them: for a test that breaks the contract on purpose."""
        with self._lock:
            taken, self._violations = self._violations, []
        return taken

    def check_request(self, request: Request) -> None:
        """Check a request: its operation exists, and its path, query and body are as described."""
        operation = find_operation(request.method, request.path)
        if operation is None:
            self._note(f"{request.method} {request.path}: no such operation")
            return
        where = f"{request.method} {operation.template}"
        self._check_parameters(where, operation, request)
        described = operation.described.get("requestBody")
        sent = request.get_data()
        if described is None:
            if sent:
                self._note(f"{where}: a body where none is described")
            return
        media = described["content"].get("application/json")
        if media is None:
            return
        if sent:
            self._check_body(f"{where} request", media["schema"], request)
        elif described.get("required"):
            self._note(f"{where}: the body is missing")

    def _check_body(self, where: str, schema: Mapping[str, Any], request: Request) -> None:
        if request.mimetype != "application/json":
            self._note(f"{where}: content type {request.mimetype or 'missing'}")
        try:
            self._check(where, schema, json.loads(request.get_data()))
        except ValueError:
            self._note(f"{where}: the body is no JSON")

    def check_answer(self, request: Request, response: Response) -> None:
        """Check an answer: its status is documented for the operation, its type and body are as described."""
        operation = find_operation(request.method, request.path)
        if operation is None:
            return
        where, status = (
            f"{request.method} {operation.template} {response.status_code}",
            str(response.status_code),
        )
        documented = operation.described["responses"].get(status)
        body = response.get_data()
        if documented is None:
            if status not in GENERAL_STATUSES:
                self._note(f"{where}: status not documented")
                return
            names = GENERAL_STATUSES[status]
            schema = (
                {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]} if names else None
            )
        else:
            schema = self._described_schema(where, _resolved(documented).get("content", {}), response)
        if schema is None:
            if body:
                self._note(f"{where}: a body where none is described")
            return
        self._check(where, schema, json.loads(body))

    def check_payload(self, event: str, payload: Mapping[str, Any]) -> None:
        """Check a webhook payload against the schema of its event and action."""
        action = payload.get("action")
        name = event.replace("_", "-") + (f"-{action.replace('_', '-')}" if action else "")
        described = webhook_description()["webhooks"].get(name)
        if described is None:
            self._note(f"webhook {name}: no such event")
            return
        schema = described["post"]["requestBody"]["content"]["application/json"]["schema"]
        self._report(f"webhook {name}", webhook_validator(json.dumps(schema)), payload)

    def _described_schema(
        self, where: str, content: Mapping[str, Any], response: Response
    ) -> dict[str, Any] | None:
        if not content:
            return None
        sent = str(response.mimetype)
        if sent not in content:
            self._note(f"{where}: content type {sent} not documented")
            return None
        if "schema" not in content[sent]:
            return None
        schema: dict[str, Any] = CORRECTED.get(where, content[sent]["schema"])
        return schema

    def _check_parameters(self, where: str, operation: Operation, request: Request) -> None:
        described = [_resolved(item) for item in operation.described.get("parameters", [])]
        found = operation.pattern.fullmatch(request.path)
        path = found.groupdict() if found else {}
        for item in described:
            value = path.get(_group(item["name"])) if item["in"] == "path" else request.args.get(item["name"])
            if value is not None and item["in"] in {"path", "query"}:
                typed = _typed(value, item["schema"])
                self._check(f"{where} {item['in']} {item['name']}", item["schema"], typed)
        known = {item["name"] for item in described if item["in"] == "query"}
        for name in request.args:
            if name not in known:
                self._note(f"{where}: query parameter {name} not described")

    def _check(self, where: str, schema: Mapping[str, Any], value: object) -> None:
        self._report(where, rest_validator(json.dumps(schema)), value)

    def _report(self, where: str, validator: jsonschema_rs.Validator, value: object) -> None:
        for error in validator.iter_errors(value):
            place = "/".join(str(part) for part in error.instance_path)
            self._note(f"{where}: {place or 'body'}: {error.message[:300]}")

    def _note(self, line: str) -> None:
        with self._lock:
            self._violations.append(line)


def load_contract() -> Contract:
    """Return a fresh contract, GitHub's descriptions read (once in a process)."""
    operations()
    webhook_description()
    return Contract()


@lru_cache(maxsize=1)
def operations() -> tuple[Operation, ...]:
    """Return every operation of the description, the more literal paths first."""
    found = [
        Operation(method.upper(), template, _pattern(template), described[method])
        for template, described in rest_description()["paths"].items()
        for method in METHODS
        if method in described
    ]
    return tuple(sorted(found, key=lambda item: (_greed(item.template), -_literal(item.template))))


@lru_cache(maxsize=4096)
def find_operation(method: str, path: str) -> Operation | None:
    """Return the operation a request is for, or None."""
    return next(
        (item for item in operations() if item.method == method and item.pattern.fullmatch(path)), None
    )


@lru_cache(maxsize=512)
def rest_validator(schema: str) -> jsonschema_rs.Validator:
    """Return the validator of a schema (as JSON) of the REST description."""
    return _validator(json.loads(schema), rest_description()["components"]["schemas"])


@lru_cache(maxsize=512)
def webhook_validator(schema: str) -> jsonschema_rs.Validator:
    """Return the validator of a schema (as JSON) of the webhook description."""
    return _validator(json.loads(schema), webhook_description()["components"]["schemas"])


def _validator(schema: object, components: Mapping[str, Any]) -> jsonschema_rs.Validator:
    """Return a validator with exactly the components that the schema refers to."""
    needed: dict[str, Any] = {}
    root = _plain(schema)
    waiting = _references(root)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = _plain(components[name])
            waiting |= _references(needed[name])
    bundle = {"allOf": [root], "components": {"schemas": needed}}
    return jsonschema_rs.Draft202012Validator(bundle, validate_formats=False)


def _references(schema: object) -> set[str]:
    return set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(schema)))


def _plain(schema: object) -> object:
    """Return an OpenAPI 3.0 schema as JSON Schema: `nullable` becomes an alternative, examples go."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: _plain(value) for key, value in schema.items() if key not in {"example", "examples", "nullable"}
    }
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain


def _resolved(item: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter or response, looked up where it is only a reference."""
    reference = item.get("$ref")
    if reference is None:
        return item
    _, _, kind, name = reference.split("/")
    found: dict[str, Any] = rest_description()["components"][kind][name]
    return found


def _greed(template: str) -> int:
    return sum(f"{{{name}}}" in template for name in GREEDY)


def _literal(template: str) -> int:
    return len(re.sub(r"\{[^}]+\}", "", template))


def _group(name: str) -> str:
    return name.replace("-", "_")


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{([^}]+)\}", template)
    text = "".join(
        f"(?P<{_group(part)}>{'.*' if part in GREEDY else '[^/]+'})" if index % 2 else re.escape(part)
        for index, part in enumerate(parts)
    )
    return re.compile(text)


def _typed(value: str, schema: Mapping[str, Any]) -> object:
    """Return a parameter's text as the type its schema asks for."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if schema.get("type") == "boolean" and value in {"true", "false"}:
        return value == "true"
    return value
