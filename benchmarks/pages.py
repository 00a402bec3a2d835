"""Pages with a hundred thousand NGOs: server time, queries, and the ratio page 7 of the design asks for.

Ratio: median of the page / (median of the same frame, signed in, with 25 fixed rows + median of the page's own
SQL sent to the database again, bare). Figures are server time through Django's own client.
"""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.fill import RARE_WORD
from benchmarks.table import Table, in_turn, p95

REPEATS = 25
P95_MS, MOST_RATIO = 100, 2.0
LIST_QUERIES, RECORD_QUERIES = 12, 20
FRAME, WORDS = "/bench/frame/", "/bench/words/"
FRAME_QUERIES, FRAME_RATIO = 5, 8.0
PEOPLE = ("hq.expert", "deputy.manager", "secretary", "ngo.user")
LISTS = (
    ("no filter", "/ngos/"),
    ("50 rows", "/ngos/?size=50"),
    ("state", "/ngos/?state=member"),
    ("state, few of them", "/ngos/?state=returned"),
    ("field", "/ngos/?field={field}"),
    ("level", "/ngos/?level=3"),
    ("without level", "/ngos/?level=0"),
    ("district", "/ngos/?district=6"),
    ("all four", "/ngos/?state=member&field={field}&level=any&district=6"),
    ("search, common word", "/ngos/?q=انجمن"),
    ("search, two letters", "/ngos/?q=هن"),
    ("search, two letters of most", "/ngos/?q=ان"),
    ("search, two rare letters", "/ngos/?q=کژ"),
    ("search, one letter", "/ngos/?q=ژ"),
    ("search, two letters, sorted", "/ngos/?q=هن&sort=-volunteers"),
    ("search, two words", "/ngos/?q=انجمن سالمندان"),
    ("search, rare word", f"/ngos/?q={RARE_WORD}"),
    ("search, one row", "/ngos/?q=17000500"),
    ("search, nothing", "/ngos/?q=ناپیداترین"),
    ("search with filters", "/ngos/?q=محله&state=member&district=6"),
    ("sorted by field", "/ngos/?sort=field"),
    ("sorted by volunteers, down", "/ngos/?sort=-volunteers"),
    ("sorted by level, down", "/ngos/?sort=-level"),
    ("page 2,000 of 4,000", "/ngos/?page=2000"),
    ("last page", "/ngos/?page=999999"),
)


def _client(username: str = "hq.expert") -> Any:
    from django.test import Client

    from staff_portal.kernel.models import User

    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def _asked(client: Any, address: str) -> tuple[Any, list[str]]:
    """The answer and the SQL sent for it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    return response, [query["sql"] for query in queries.captured_queries]


def _raw(statements: list[str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.cursor.execute(statement)
            cursor.cursor.fetchall()


def _make_frame(client: Any) -> list[str]:
    """Fill the fixed page from the list's first one: its rows, no chips; returns the frame's own SQL."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    from benchmarks import urls

    setup_test_environment()  # only while it is on does an answer carry its context
    try:
        context = client.get("/ngos/").context
    finally:
        teardown_test_environment()
    names = (
        "page_title", "page_subtitle", "crumbs", "q", "columns", "rows", "page_obj", "xlsx_url",
        "can_register", "can_import", "is_empty",
    )  # fmt: skip
    urls.fixed.update({name: context[name] for name in names})
    context["page_obj"].object_list = list(context["rows"])
    return _asked(client, FRAME)[1]


def measure(table: Table) -> None:
    """Lists, a record, the home page and an Excel file."""
    from django.test.utils import override_settings

    from staff_portal.kernel.models import ActivityField

    with override_settings(ROOT_URLCONF="benchmarks.urls"):
        client = _client()
        frame_sql = {_shape(statement) for statement in _make_frame(client)}
        field = ActivityField.objects.order_by("pk").values_list("pk", flat=True)[3]
        bare = in_turn({"bare": lambda: client.get("/healthz")}, REPEATS)["bare"]
        table.title("Registry, 100,000 NGOs and the demo's")
        table.add("a bare view", f"{statistics.median(bare):.1f} ms")
        counts = {}
        for name, pattern in LISTS:
            counts[name] = _list(table, client, name, pattern.format(field=field), frame_sql)
        same = counts["search, one row"] == counts["no filter"] == counts["50 rows"]
        asked = f"{counts['search, one row']}, {counts['no filter']}, {counts['50 rows']} queries"
        table.add("queries with 1, 25 and 50 rows", asked, "the same", same)
        table.title("The frame: a signed-in page of four words")
        for username in PEOPLE:
            _words(table, username)
        table.title("Other pages")
        for name, address in (
            ("home", "/"),
            ("record", _fullest()),
            ("record's history", _fullest() + "history/"),
        ):
            _page(table, client, name, address, bare)
        _excel(table, client)


def _shape(statement: str) -> str:
    return statement.split(" WHERE ")[0]


def _list(table: Table, client: Any, name: str, address: str, frame_sql: set[str]) -> int:
    response, statements = _asked(client, address)
    own = [sql for sql in statements if "ngos_ngo" in sql and _shape(sql) not in frame_sql]
    calls = {
        "page": lambda: client.get(address),
        "frame": lambda: client.get(FRAME),
        "sql": lambda: _raw(own),
    }
    taken = in_turn(calls, REPEATS)
    page, frame, sql = (statistics.median(taken[key]) for key in ("page", "frame", "sql"))
    ratio, slow = page / (frame + sql), p95(taken["page"])
    good = (
        response.status_code == 200
        and len(statements) <= LIST_QUERIES
        and ratio <= MOST_RATIO
        and slow < P95_MS
        and len(own) > 0
    )
    table.add(
        name,
        f"{page:.0f} ms (least {min(taken['page']):.0f}, p95 {slow:.0f}), {ratio:.1f}×, {len(statements)} q",
        f"frame {frame:.0f} + SQL {sql:.0f} ms",
        good,
    )
    return len(statements)


def _fullest() -> str:
    """The demo's file with most events."""
    from django.db.models import Count
    from django.urls import reverse

    from staff_portal.kernel.models import AuditEntry

    pk = (
        AuditEntry.objects.filter(root_type="ngos.ngo")
        .values("root_id")
        .annotate(events=Count("pk"))
        .order_by("-events")[0]["root_id"]
    )
    return reverse("ngos:ngo_detail", args=[pk])


def _words(table: Table, username: str) -> None:
    """What every page costs before it says anything, in turn with a bare view."""
    client = _client(username)
    statements = _asked(client, WORDS)[1]
    calls = {"words": lambda: client.get(WORDS), "bare": lambda: client.get("/healthz")}
    taken = in_turn(calls, 2 * REPEATS)
    words, bare = (statistics.median(taken[key]) for key in ("words", "bare"))
    table.add(
        username,
        f"{words:.1f} ms, {words / bare:.1f}× bare ({bare:.1f} ms), {len(statements)} q",
        f"{FRAME_RATIO:.0f}×, {FRAME_QUERIES} q",
        words <= FRAME_RATIO * bare and len(statements) <= FRAME_QUERIES,
    )


def _page(table: Table, client: Any, name: str, address: str, bare: list[float]) -> None:
    response, statements = _asked(client, address)
    taken = in_turn({"page": lambda: client.get(address)}, REPEATS)["page"]
    ratio = statistics.median(taken) / statistics.median(bare)
    table.add(
        name,
        f"{statistics.median(taken):.0f} ms (least {min(taken):.0f}, p95 {p95(taken):.0f}), {len(statements)} q",
        f"p95 {P95_MS} ms, {RECORD_QUERIES} q ({ratio:.0f}× bare)",
        response.status_code == 200 and p95(taken) < P95_MS and len(statements) <= RECORD_QUERIES,
    )


def _excel(table: Table, client: Any) -> None:
    address = "/ngos/?district=6&format=xlsx"
    response, statements = _asked(client, address)
    taken = in_turn({"page": lambda: client.get(address)}, 3)["page"]
    is_workbook = "spreadsheet" in response.headers["Content-Type"]
    table.add(
        "Excel of one district",
        f"{statistics.median(taken) / 1000:.2f} s, {len(response.getvalue()) / 1000:.0f} kB, {len(statements)} q",
        f"{LIST_QUERIES} q",
        is_workbook and len(statements) <= LIST_QUERIES,
    )
