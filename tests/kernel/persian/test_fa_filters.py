"""Template filters: Persian output, escaping, and nothing shown for nothing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Engine
from django.utils.safestring import mark_safe

ENGINE = Engine(libraries={"fa": "staff_portal.kernel.templatetags.fa"}, builtins=[])
THIRD_AZAR = date(2026, 11, 24)


def render(expression: str, **context: object) -> str:
    return ENGINE.from_string("{% load fa %}{{ " + expression + " }}").render(Context(context))


@pytest.mark.parametrize(
    ("expression", "value", "shown"),
    [
        ("x|fa", 12, "۱۲"),
        ("x|fa", "منطقه 7", "منطقه ۷"),
        ("x|jalali", THIRD_AZAR, "۱۴۰۵/۰۹/۰۳"),
        ('x|jalali:"medium"', THIRD_AZAR, "۳ آذر ۱۴۰۵"),
        ('x|jalali:"long"', THIRD_AZAR, "سه‌شنبه ۳ آذر ۱۴۰۵"),
        ('x|jalali:"moment"', datetime(2026, 11, 24, 7, 12, tzinfo=UTC), "۳ آذر ۱۴۰۵، ساعت ۱۰:۴۲"),
        ("x|thousands", 1234567, "۱٬۲۳۴٬۵۶۷"),
        ("x|rial", 1234, "۱٬۲۳۴ ریال"),
        ("x|decimal:2", Decimal("81.25"), "۸۱٫۲۵"),
        ("x|decimal", Decimal("81.50"), "۸۱٫۵"),
        ("x|percent", 25, "۲۵٪"),
        ("x|percent:1", Decimal("33.33"), "۳۳٫۳٪"),
        ("x|ordinal", 3, "سوم"),
        ("x|bdi", "12/34", '<bdi dir="ltr">۱۲/۳۴</bdi>'),
        ("x|phone", "02123839424", '<bdi dir="ltr">۰۲۱ ۲۳۸۳ ۹۴۲۴</bdi>'),
        ("x|mobile", "09123456789", '<bdi dir="ltr">۰۹۱۲ ۳۴۵ ۶۷۸۹</bdi>'),
        (
            "x|sheba",
            "IR820540102680020817909002",
            '<bdi dir="ltr">IR۸۲ ۰۵۴۰ ۱۰۲۶ ۸۰۰۲ ۰۸۱۷ ۹۰۹۰ ۰۲</bdi>',
        ),
    ],
)
def test_output(expression: str, value: object, shown: str) -> None:
    assert render(expression, x=value) == shown


def test_due_is_counted_from_the_given_day() -> None:
    assert render("x|due:today", x=date(2026, 11, 26), today=THIRD_AZAR) == "۲ روز مانده"
    late = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    assert render("x|due:today", x=late, today=THIRD_AZAR) == "فردا"


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize(
    "name",
    [
        "fa", "jalali", "thousands", "rial", "decimal:2", "percent", "ordinal", "bdi", "phone", "mobile",
        "sheba", "due:today",
    ],
)  # fmt: skip
def test_nothing_is_shown_for_nothing(name: str, value: object) -> None:
    assert render(f"x|{name}", x=value, today=THIRD_AZAR) == ""


def test_zero_is_something() -> None:
    assert render("x|fa", x=0) == "۰"
    assert render("x|thousands", x=0) == "۰"
    assert render("x|bdi", x=0) == '<bdi dir="ltr">۰</bdi>'


@pytest.mark.parametrize("name", ["fa", "bdi", "phone", "sheba"])
def test_markup_in_data_is_escaped(name: str) -> None:
    shown = render(f"x|{name}", x="<script>alert('1')</script>")
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(&#x27;۱&#x27;)" in shown


def test_ready_html_keeps_tags_and_entities() -> None:
    ready = mark_safe('<a href="/ngos/12/">12 &#39;سمن&#39; &amp; 3</a>')
    assert render("x|fa", x=ready) == '<a href="/ngos/12/">۱۲ &#39;سمن&#39; &amp; ۳</a>'


def test_filters_chain() -> None:
    assert render("x|fa|bdi", x="7/1") == '<bdi dir="ltr">۷/۱</bdi>'
    assert render("x|bdi|fa", x="7/1") == '<bdi dir="ltr">۷/۱</bdi>'
