"""The pieces as HTML: what a screen reader gets, SVG widths with ASCII digits, and nothing the policy forbids."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template

from staff_portal.kernel.frame.icons import ICONS, navigation_icon


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


class Tags(HTMLParser):
    """All start tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


def test_badge_escapes_and_falls_back_to_a_quiet_tone() -> None:
    assert draw('{% badge label "ok" %}', label="<b>") == '<span class="badge ok">&lt;b&gt;</span>'
    assert 'class="badge neutral"' in draw('{% badge "پیش‌نویس" "purple" %}')
    assert draw('{% badge "" "ok" %}') == ""


def test_an_icon_is_silent_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "bell" %}')
    named = draw('{% icon "bell" label="اعلان‌ها" %}')
    assert 'aria-label="اعلان‌ها"' in named
    assert "aria-hidden" not in named


@pytest.mark.parametrize(
    ("address", "icon"),
    [
        ("/", "inbox"),
        ("/ngos/", "people"),
        ("/ngos/assessments/?mine=1", "gauge"),
        ("/nowhere/", "file"),
    ],
)
def test_navigation_icons_follow_the_longest_known_address(address: str, icon: str) -> None:
    assert navigation_icon(address) == icon
    assert icon in ICONS


def test_a_greyed_step_can_be_reached_and_says_every_reason() -> None:
    html = draw("{% greyed label reasons %}", label="صدور گواهی", reasons=["یک.", "دو."])
    assert Tags(html).of("summary")[0]["aria-disabled"] == "true"
    assert "<li>یک.</li><li>دو.</li>" in html
    assert "<button" not in html


def test_steps_are_posts_links_or_greyed() -> None:
    actions = [
        {
            "label": "تأیید",
            "url": "/ngos/1/do/approve/",
            "main": True,
            "hidden": {"version": 3},
        },
        {"label": "رد", "url": "/ngos/1/do/reject/", "confirm": True, "danger": True},
        {"label": "تعلیق", "url": "/ngos/1/do/suspend/", "reasons": ["هنوز عضو نیست."]},
    ]
    tags = Tags(draw("{% transition_bar actions %}", actions=actions, csrf_token="t0ken"))
    assert [form["action"] for form in tags.of("form")] == ["/ngos/1/do/approve/"]
    assert tags.of("form")[0]["method"] == "post"
    assert {(field["name"], field["value"]) for field in tags.of("input")} == {
        ("csrfmiddlewaretoken", "t0ken"),
        ("version", "3"),
    }
    assert [link["href"] for link in tags.of("a")] == ["/ngos/1/do/reject/"]
    assert len(tags.of("summary")) == 1


def test_bars_have_widths_in_ascii_and_a_table_behind_them() -> None:
    rows = [
        {"label": "مالی", "score": Decimal("37.50"), "low": True},
        {"label": "اداری", "score": None},
    ]
    html = draw("{% profile_bars rows 85 'کف' %}", rows=rows)
    widths = [rect["width"] for rect in Tags(html).of("rect") if rect.get("class") == "fill"]
    assert widths == ["37.50%"]
    assert [rect["x"] for rect in Tags(html).of("rect") if rect.get("class") == "mark"][:1] == ["85.00%"]
    assert "<table>" in html
    assert "بی‌امتیاز" in html
    assert "زیر کف" in html


def test_shares_of_levels_follow_each_other_and_fill_the_bar() -> None:
    levels = [
        {"label": "یک", "count": 1, "rank": 1},
        {"label": "دو", "count": 3, "rank": 2},
        {"label": "هیچ", "count": 0, "rank": 0},
    ]
    bars = [
        rect
        for rect in Tags(draw("{% level_distribution levels %}", levels=levels)).of("rect")
        if "x" in rect
    ]
    assert [(bar["x"], bar["width"]) for bar in bars] == [
        ("0.00%", "25.00%"),
        ("25.00%", "75.00%"),
    ]
    assert "۷۵٪" in draw("{% level_distribution levels %}", levels=levels)


class Wrong(forms.Form):
    name = forms.CharField(label="نام")
    day = forms.CharField(label="روز")

    def clean(self) -> None:
        raise forms.ValidationError("این دو با هم نمی‌خوانند.")


def test_the_summary_jumps_to_each_field_and_keeps_what_belongs_to_none() -> None:
    html = draw("{% error_summary form %}", form=Wrong({"name": "", "day": ""}))
    assert [link["href"] for link in Tags(html).of("a")] == ["#id_name", "#id_day"]
    assert "این دو با هم نمی‌خوانند." in html
    assert Tags(html).of("div")[0]["role"] == "alert"
    assert draw("{% error_summary form %}", form=Wrong()).strip() == ""


def test_a_running_job_polls_without_keeping_the_session_alive_and_an_ended_one_does_not_poll() -> None:
    job = {
        "title": "ورود",
        "done": 1200,
        "total": 2000,
        "state": "running",
        "poll_url": "/jobs/1/",
    }
    running = Tags(draw("{% job_progress job %}", job=job))
    assert running.of("div")[0]["hx-get"] == "/jobs/1/"
    assert "X-Background" in (running.of("div")[0]["hx-headers"] or "")
    assert (running.of("progress")[0]["value"], running.of("progress")[0]["max"]) == (
        "1200",
        "2000",
    )
    ended = Tags(draw("{% job_progress job %}", job={**job, "state": "done", "result_url": "/r/"}))
    assert "hx-get" not in ended.of("div")[0]
    assert ended.of("a")[0]["href"] == "/r/"


def test_a_staged_file_is_kept_by_its_token_and_lifts_the_demand() -> None:
    staged = [{"name": "اساسنامه.pdf", "size": "۱ مگابایت", "value": "k1"}]
    fields = Tags(
        draw(
            "{% upload 'charter' 'اساسنامه' required=True staged=staged %}",
            staged=staged,
        )
    ).of("input")
    assert {"type": "hidden", "name": "charter_staged", "value": "k1"} in fields
    assert "required" not in next(field for field in fields if field["type"] == "file")
    alone = Tags(draw("{% upload 'charter' 'اساسنامه' required=True %}")).of("input")[0]
    assert "required" in alone


def test_an_empty_cell_is_a_dash_and_a_code_is_isolated() -> None:
    columns = [{"label": "نام"}, {"label": "شماره"}]
    rows = [
        {
            "cells": [
                {"text": "طلوع", "url": "/ngos/1/"},
                {"text": "1404/0217", "code": True},
            ]
        },
        {"cells": ["نیکان", ""]},
    ]
    html = draw("{% data_table columns rows %}", columns=columns, rows=rows)
    assert re.search(r'<bdi dir="ltr"[^>]*>۱۴۰۴/۰۲۱۷</bdi>', html)
    assert 'data-label="شماره"><span class="soft"' in html.replace("\n", "")
