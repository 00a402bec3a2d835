"""Sending one cell's request and reading what came back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.matrix import Row
from tests.access.matrix.table import Outcome
from tests.factories.access import Scene

OPEN = {200, 201, 204, 409, 422}
STRICT_POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def watched() -> Iterator[list[str]]:
    """The statements that write meanwhile, besides the session and the record of a refused attempt."""
    written: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_own = any(
            table in sql for table in ("django_session", "kernel_auditentry", "kernel_outboxmessage")
        )
        if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")) and not is_own:
            written.append(sql[:160])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements meanwhile; savepoints of the surrounding transaction are none."""
    statements: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql:
            statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


def address(scene: Scene, row: Row) -> str:
    """The row's address with its records in it."""
    args = {
        name: value.removeprefix(":") if value.startswith(":") else scene.key(value)
        for name, value in row.args.items()
    }
    return reverse(row.name, kwargs=args)


def names(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every name the resolver knows."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from names(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"an address without a name: {entry.pattern}"
            yield f"{prefix}{entry.name}"


def outcome(response: Any) -> Outcome | str:
    """Which of the matrix's outcomes an answer is, or its status when it is none."""
    status = response.status_code
    if status == 302:
        return Outcome.LOGIN if response["Location"].startswith("/login/?next=") else Outcome.PAGE
    if status == 403:
        return Outcome.LOGIN if is_sign_in_page(response) else Outcome.NO
    return {404: Outcome.HIDDEN, 405: Outcome.METHOD}.get(
        status, Outcome.PAGE if status in OPEN else str(status)
    )


def is_sign_in_page(response: Any) -> bool:
    """The page for somebody whose form came after the session had ended."""
    context = response.context or {}
    return "login_url" in context and "sentences" not in context


def sentences_of(response: Any) -> list[str]:
    """What a page that says no tells."""
    return [text for text in (response.context or {}).get("sentences", []) if text]


def body_of(response: Any) -> str:
    """The answer as text, whether it was streamed or not; nothing for a file that is no text."""
    content = b"".join(response) if response.streaming else response.content
    return content.decode(errors="replace")
