"""The pages of motions and votes: list, writing, one motion, casting, receipt, fragment, inbox, search."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from committee import chain, rules
from committee.enums import Choice
from committee.models import Ballot, Motion, Recusal
from committee.operations import motions
from committee.workflow.motions import MOTION
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.trail import file_kinds
from staff_portal.kernel.workflow import work
from staff_portal.kernel.workflow.holds import place_hold
from tests.committee.motions.world import World, votes
from tests.factories.people import NOW, TODAY

pytestmark = pytest.mark.django_db
LIST = "/committee/motions/"


def html(response) -> str:
    return response.content.decode()


def to(name: str, motion: Motion, *more) -> str:
    return reverse(f"committee:{name}", args=[motion.pk, *more])


def body(**changes):
    return {"kind": "other", "title": "برنامه بازدید", "text": "هر ماه یک بازدید.", **changes}


# --- who sees what ------------------------------------------------------------------------------------------


def test_list_and_object_permission_agree_with_the_pages(world: World, signed_in):
    rows = [world.draft(), world.draft(world.committee.hq1), world.tabled(), world.circulated()]
    for name, user in world.everybody().items():
        listed = set(
            Motion.objects.filter(rules.motions_visible_to(user, TODAY)).values_list("pk", flat=True)
        )
        client = signed_in(user)
        for row in rows:
            assert (row.pk in listed) == rules.can_view_motion(user, row, TODAY)
            status = client.get(to("motion_detail", row)).status_code
            expected = 403 if name == "ngo_user" else 200 if row.pk in listed else 404
            assert status == expected, (name, row.pk)
            assert (file_kinds.find("committee.motion", row.pk, user, TODAY) is not None) == (
                row.pk in listed
            )
        assert client.get(LIST).status_code == (403 if name == "ngo_user" else 200)


def test_a_papers_reader_is_the_motions_reader(world: World, signed_in):
    author = world.committee.hq_expert
    client = signed_in(author)
    upload = SimpleUploadedFile("نمودار.pdf", b"%PDF-1.7 x")
    response = client.post(f"{LIST}new/", body(papers=[upload]))
    motion = Motion.objects.get()
    assert response.status_code == 302
    paper = motions.papers_of(motion).get()
    address = reverse("attachment", args=[paper.pk])
    assert signed_in(world.committee.hq1).get(address).status_code == 404
    MOTION.apply(motion, "table", actor=world.secretary, at=NOW)
    assert signed_in(world.committee.hq1).get(address).status_code == 200
    assert signed_in(world.committee.ngo_user).get(address).status_code == 404


# --- the list -----------------------------------------------------------------------------------------------


def test_chips_search_sort_and_excel(world: World, signed_in):
    world.draft(title="پیش‌نویس نهان")
    world.tabled(title="دستورالعمل سالن‌ها", kind="directive")
    open_one = world.circulated(title="گزارش ماهانه")
    client = signed_in(world.people["hq1"])

    def titles(query: str) -> list[str]:
        return [row[1].text for row in client.get(f"{LIST}{query}").context["rows"]]

    assert titles("") == ["گزارش ماهانه", "دستورالعمل سالن‌ها"]
    assert titles("?state=tabled") == titles("?kind=directive") == titles("?q=سالن") == ["دستورالعمل سالن‌ها"]
    assert titles("?only=mine") == ["گزارش ماهانه"]
    assert titles("?sort=number") == ["دستورالعمل سالن‌ها", "گزارش ماهانه"]
    assert titles("?q=3") == titles("?q=۳") == ["گزارش ماهانه"]
    groups = client.get(LIST).context["chip_groups"]
    assert [(o["label"], o["count"]) for o in groups[0]["options"]] == [("در انتظار رأی من", 1)]
    world.vote(open_one, hq1="for")
    assert titles("?only=mine") == []
    assert "صافی‌ها را بردارید" in html(client.get(f"{LIST}?q=نیست"))
    book = load_workbook(BytesIO(client.get(f"{LIST}?format=xlsx&kind=directive").content))
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[1] for row in cells] == ["عنوان", "دستورالعمل سالن‌ها"]


@pytest.mark.parametrize("who", ["hq_expert", "auditor"])
def test_an_empty_list_names_the_next_step(world: World, signed_in, who):
    text = html(signed_in(world.everybody()[who]).get(LIST))
    assert ("هنوز پیشنهادی نوشته نشده است" if who == "hq_expert" else "هنوز پیشنهادی در دستور نیست") in text


def test_the_list_asks_the_same_number_of_queries_for_one_and_fifty(world: World, signed_in):
    client = signed_in(world.people["hq1"])
    world.circulated(concerns_ngo=world.committee.ngo)
    client.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(f"{LIST}?size=50")
    for _ in range(49):
        world.tabled(concerns_ngo=world.committee.ngo)
    with CaptureQueriesContext(connection) as fifty:
        assert len(client.get(f"{LIST}?size=50").context["rows"]) == 50
    assert len(one) == len(fifty)


# --- writing ------------------------------------------------------------------------------------------------


def test_a_member_writes_edits_and_the_secretary_tables(world: World, signed_in):
    client = signed_in(world.people["hq1"])
    assert client.get(f"{LIST}new/").status_code == 200
    response = client.post(f"{LIST}new/", body(ngo=world.committee.ngo.name))
    motion = Motion.objects.get()
    assert response.headers["Location"] == to("motion_detail", motion)
    assert motion.concerns_ngo == world.committee.ngo
    assert client.post(to("motion_edit", motion), body(title="عنوان تازه")).status_code == 302
    motion.refresh_from_db()
    assert (motion.title, motion.concerns_ngo) == ("عنوان تازه", None)
    assert client.post(to("motion_do", motion, "table")).status_code == 403
    signed_in(world.secretary).post(to("motion_do", motion, "table"))
    motion.refresh_from_db()
    assert motion.state == "tabled"
    assert motion.text_hash in html(client.get(to("motion_detail", motion)))
    assert client.post(to("motion_edit", motion), body(text="دیگر")).status_code == 409
    assert client.get(to("motion_edit", motion)).status_code == 409
    motion.refresh_from_db()
    assert motion.text == "هر ماه یک بازدید."


def test_nothing_typed_is_lost_and_staged_papers_stay(world: World, signed_in):
    client = signed_in(world.people["hq1"])
    upload = SimpleUploadedFile("نمودار.pdf", b"%PDF-1.7 x")
    response = client.post(f"{LIST}new/", body(title="", ngo="نیست در جهان", papers=[upload]))
    text = html(response)
    assert response.status_code == 422
    assert "هر ماه یک بازدید." in text
    assert "یافت نشد" in text
    staged = Attachment.objects.get()
    assert f'name="papers_staged" value="{staged.pk}"' in text
    removed = client.post(f"{LIST}new/", body(papers_staged=[staged.pk], papers_remove=staged.pk))
    assert "papers_staged" not in html(removed)
    client.post(f"{LIST}new/", body(papers_staged=[staged.pk]))
    assert [row.pk for row in motions.papers_of(Motion.objects.get())] == [staged.pk]
    wrong = client.post(f"{LIST}new/", body(papers=[SimpleUploadedFile("a.exe", b"MZ")]))
    assert wrong.status_code == 422
    assert "پذیرفته نمی‌شود" in html(wrong)


def test_a_wrong_paper_is_taken_off_the_draft_and_nothing_typed_is_lost(world: World, signed_in):
    client = signed_in(world.people["hq1"])
    client.post(f"{LIST}new/", body(papers=[SimpleUploadedFile("نمودار.pdf", b"%PDF-1.7 x")]))
    motion = Motion.objects.get()
    paper = motions.papers_of(motion).get()
    response = client.post(to("motion_edit", motion), body(title="نیمه‌کاره", paper_drop=paper.pk))
    assert response.status_code == 200
    assert "نیمه‌کاره" in html(response)
    assert not motions.papers_of(motion).exists()
    motion.refresh_from_db()
    assert motion.title == "برنامه بازدید"
    other = signed_in(world.people["hq2"]).post(to("motion_edit", motion), body(paper_drop=paper.pk))
    assert other.status_code == 404
    assert client.post(to("motion_edit", motion), body(paper_drop="x")).status_code == 422


@pytest.mark.parametrize("who", ["auditor", "ngo_user"])
def test_who_may_not_write_is_told_so(world: World, signed_in, who):
    client = signed_in(world.everybody()[who])
    assert client.get(f"{LIST}new/").status_code == 403
    assert client.post(f"{LIST}new/", body()).status_code == 403
    assert Motion.objects.count() == 0


def test_copying_by_the_page(world: World, signed_in):
    motion = world.opened()
    client = signed_in(world.people["hq2"])
    assert client.post(to("motion_copy", motion)).status_code == 302
    assert Motion.objects.count() == 1
    world.close(motion)
    client.post(to("motion_copy", motion))
    assert Motion.objects.get(origin=motion).state == "draft"
    assert signed_in(world.auditor).post(to("motion_copy", motion)).status_code == 403


def test_amending_by_the_page(world: World, signed_in):
    motion = world.tabled()
    client = signed_in(world.secretary)
    assert "دستور جلسه‌ای نیست" in html(client.get(to("motion_amend", motion)))
    world.on_agenda(motion)
    world.arrive("hq1", "deputy1", "ngo")
    page = html(client.get(to("motion_amend", motion)))
    assert world.people["deputy1"].full_name in page
    refused = client.post(to("motion_amend", motion), {"title": "", "text": "متن دیگر"})
    assert refused.status_code == 422
    assert "متن دیگر" in html(refused)
    assert (
        client.post(to("motion_amend", motion), {"title": motion.title, "text": "متن دیگر"}).status_code
        == 302
    )
    made = Motion.objects.get(is_amendment=True)
    assert made.get_absolute_url() in html(client.get(to("motion_detail", motion)))
    assert signed_in(world.people["hq1"]).get(to("motion_amend", made)).status_code == 403


def test_p17_the_three_choices_stand_in_one_order(world: World, signed_in):
    """موافق، مخالف، ممتنع on the motion's page and on the ballot."""
    motion = world.opened()
    client = signed_in(world.people["ngo"])
    ballot = client.get(to("motion_cast", motion))
    assert [label for _, label in ballot.context["form"].fields["choice"].choices] == Choice.labels
    page = html(client.get(to("motion_detail", motion)))
    places = [page.index(f"?choice={choice}") for choice in Choice.values]
    assert places == sorted(places)


# --- voting -------------------------------------------------------------------------------------------------


def test_two_taps_vote_and_the_code_is_shown_once(world: World, signed_in):
    motion = world.opened()
    client = signed_in(world.people["ngo"])
    detail = html(client.get(to("motion_detail", motion)))
    assert f'href="{to("motion_cast", motion)}?choice=for"' in detail
    assert "تصویب با ۳ موافق از مبنای ۵" in detail
    assert "۰ از ۵" in detail
    page = client.get(to("motion_cast", motion) + "?choice=against")
    assert 'value="against"' in html(page)
    assert page.context["form"].initial["choice"] == "against"
    assert motion.text.splitlines()[0] in html(page)
    assert "data-draft-key" not in html(page)
    response = client.post(to("motion_cast", motion), {"choice": "against", "reason": "گران است"})
    assert response.headers["Location"] == to("motion_receipt", motion)
    ballot = Ballot.objects.get()
    shown = chain.grouped_receipt(ballot.receipt)
    assert len(shown.split("-")) == 4
    assert shown in html(client.get(to("motion_receipt", motion)))
    again = html(client.get(to("motion_receipt", motion)))
    assert shown not in again
    assert "یافتن رأی" in again
    found = html(client.post(to("motion_receipt", motion), {"code": shown}))
    assert "مخالف" in found
    assert "گران است" in found
    assert "رأی شما در" in html(client.get(to("motion_detail", motion)))
    second = client.post(to("motion_cast", motion), {"choice": "for"})
    assert second.status_code == 403
    assert "پیش از این" in html(second)
    assert Ballot.objects.get().choice == "against"


def test_without_a_choice_nothing_is_cast(world: World, signed_in):
    motion = world.opened()
    response = signed_in(world.people["ngo"]).post(to("motion_cast", motion), {"reason": "دلیل من"})
    assert response.status_code == 422
    assert "دلیل من" in html(response)
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize("who", ["secretary", "auditor", "hq_manager", "deputy_expert"])
def test_who_has_no_seat_is_refused_by_the_page(world: World, signed_in, who):
    motion = world.opened()
    client = signed_in(world.everybody()[who])
    assert client.get(to("motion_cast", motion)).status_code == 403
    assert client.post(to("motion_cast", motion), {"choice": "for"}).status_code == 403
    assert client.post(to("motion_cast", motion), {}).status_code == 403
    assert "رأی شما</h2>" not in html(client.get(to("motion_detail", motion)))
    assert Ballot.objects.count() == 0


def test_the_page_says_why_one_does_not_vote_now(world: World, signed_in):
    motion = world.opened("hq1", "deputy1", "ngo")
    absent = signed_in(world.people["hq2"])
    assert "حاضر است" in html(absent.get(to("motion_detail", motion)))
    late = absent.post(to("motion_cast", motion), {"choice": "for"})
    assert late.status_code == 422
    assert "حاضر است" in html(late)
    place_hold(world.committee.seatings["ngo"], reason="معلق", actor=None, at=NOW)
    held = signed_in(world.people["ngo"])
    text = html(held.get(to("motion_detail", motion)))
    assert "تا رفع تعلیق متوقف است" in text
    assert "متوقف</span>" in text
    assert Ballot.objects.count() == 0


def test_a_ballot_after_closing_is_refused_by_the_page(world: World, signed_in):
    motion = world.opened()
    client = signed_in(world.people["ngo"])
    world.close(motion)
    assert "رأی گرفته نمی‌شود" in html(client.get(to("motion_cast", motion)))
    response = client.post(to("motion_cast", motion), {"choice": "for", "reason": "دیر رسیدم"})
    assert response.status_code == 422
    assert "دیر رسیدم" in html(response)
    assert Ballot.objects.count() == 0


def test_recusing_by_the_page(world: World, signed_in):
    motion = world.opened()
    client = signed_in(world.people["deputy1"])
    assert client.post(to("motion_do", motion, "recuse"), {"note": ""}).status_code == 422
    assert client.post(to("motion_do", motion, "recuse"), {"note": "خویشاوند من است"}).status_code == 302
    assert Recusal.objects.get().reason == "خویشاوند من است"
    detail = html(client.get(to("motion_detail", motion)))
    assert "شما کناره گرفته‌اید" in detail
    assert "از مبنای ۴" in detail
    assert "ذی‌نفع</span>" in detail


def test_opening_and_closing_by_the_page(world: World, signed_in):
    motion = world.on_agenda(world.tabled())
    client = signed_in(world.secretary)
    text = html(client.get(to("motion_do", motion, "open_vote")))
    assert "جلسه رسمیت ندارد" in text
    assert client.post(to("motion_do", motion, "open_vote")).status_code == 409
    world.arrive("hq1", "deputy1", "ngo")
    assert client.post(to("motion_do", motion, "open_vote")).status_code == 302
    world.vote(motion, hq1="for", deputy1="for", ngo="for")
    assert client.post(to("motion_do", motion, "close_vote")).status_code == 302
    detail = html(client.get(to("motion_detail", motion)))
    assert "تصویب‌شده" in detail
    assert "۳ موافق" in detail
    assert "دیدن مصوبه" in detail
    assert Motion.objects.get().state == "carried"


def test_a_circulation_by_the_page_takes_the_days_in_any_digits(world: World, signed_in):
    motion = world.tabled()
    client = signed_in(world.secretary)
    assert client.post(to("motion_do", motion, "circulate"), {"days": "۹۹"}).status_code == 409
    assert client.post(to("motion_do", motion, "circulate"), {"days": "۵"}).status_code == 302
    motion.refresh_from_db()
    assert (motion.mode, motion.circulation_days) == ("circulation", 5)
    text = html(client.get(to("motion_detail", motion)))
    assert "۱۰ آذر ۱۴۰۵" in text
    member = signed_in(world.people["ngo"])
    response = member.post(to("motion_do", motion, "ask_meeting"), {"note": "گفت‌وگو لازم است"})
    assert response.status_code == 302
    assert "دوباره در دستور است" in html(member.get(to("motion_detail", motion)))


def test_the_tables_own_step_and_unknown_ones_have_no_page(world: World, signed_in):
    motion = world.draft()
    client = signed_in(world.secretary)
    assert client.get(to("motion_do", motion, "carry_over")).status_code == 404
    assert client.post(to("motion_do", motion, "carry_over")).status_code == 404
    assert client.get(to("motion_do", motion, "nonsense")).status_code == 404


# --- the live picture -----------------------------------------------------------------------------------------


def test_the_fragment_polls_while_open_and_says_when_nothing_changed(world: World, signed_in):
    motion = world.opened()
    client = signed_in(world.people["hq1"])
    first = client.get(to("motion_live", motion))
    text = html(first)
    assert 'hx-trigger="every 4s"' in text
    assert '"X-Background": "1"' in text
    assert "<html" not in text
    same = client.get(first.context["data"]["live_url"])
    assert (same.status_code, same.content) == (204, b"")
    world.vote(motion, hq2="for")
    changed = client.get(first.context["data"]["live_url"])
    assert changed.status_code == 200
    assert "۱ از ۵" in html(changed)
    world.close(motion)
    over = html(client.get(changed.context["data"]["live_url"]))
    assert "hx-get" not in over
    assert "رأی‌گیری پایان یافت" in over
    assert client.get(to("motion_live", world.tabled())).status_code == 302


def test_polling_does_not_keep_a_session_alive(world: World, signed_in):
    import time_machine

    motion = world.opened()
    client = signed_in(world.people["hq1"])
    client.get(to("motion_live", motion))
    for minutes in (10, 20, 29):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            response = client.get(to("motion_live", motion), headers={"X-Background": "1"})
            assert response.status_code == 200
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        assert client.get(to("motion_live", motion), headers={"X-Background": "1"}).status_code in (302, 401)


# --- inbox and search -----------------------------------------------------------------------------------------


def tasks(user, at=NOW):
    found = [
        task
        for task in contributions.inbox(User.objects.get(pk=user.pk), at)
        if task.kind == "committee.motion"
    ]
    return [(task.title, task.due_on) for task in found]


def test_an_open_vote_waits_for_each_member_until_it_is_cast(world: World):
    motion = world.circulated(days=2)
    title = "رأی شما به «گزارش فصلی دبیرخانه‌ها»"
    for user in world.people.values():
        assert tasks(user) == [(title, TODAY + timedelta(days=4))]
    world.vote(motion, hq1="for")
    world.recuse(motion, "hq2")
    assert tasks(world.people["hq1"]) == tasks(world.people["hq2"]) == []
    assert len(tasks(world.people["ngo"])) == 1
    assert tasks(world.people["ngo"], NOW + timedelta(days=9)) == []
    for who in ("auditor", "hq_manager", "deputy_manager", "ngo_user"):
        assert tasks(world.everybody()[who]) == []


def test_the_secretarys_work(world: World):
    draft = world.draft(title="تازه")
    assert [title for title, _ in tasks(world.secretary)] == ["در دستور نهادن «تازه»"]
    MOTION.apply(draft, "table", actor=world.secretary, at=NOW)
    MOTION.apply(draft, "circulate", actor=world.secretary, at=NOW, days=2)
    assert tasks(world.secretary) == []
    assert [title for title, _ in tasks(world.secretary, NOW + timedelta(days=9))] == ["پایان رأی‌گیری «تازه»"]
    world.vote(draft, **votes("fffff"))
    assert [title for title, _ in tasks(world.secretary)] == ["پایان رأی‌گیری «تازه»"]
    world.close(draft)
    Motion.objects.filter(pk=draft.pk).update(effect_state="failed", effect_note="سبب")
    work.settle([draft], actor=None, at=NOW)
    assert [title for title, _ in tasks(world.secretary)] == ["پیامد «تازه» اجرا نشد"]


def test_search_finds_what_may_be_seen(world: World):
    world.draft(title="نهان برای دیگران")
    world.tabled(title="گرمایش دبیرخانه‌ها")

    def titles(user, query):
        hits = contributions.search(User.objects.get(pk=user.pk), NOW, query)
        return [hit.title for hit in hits if hit.group == "پیشنهادهای کمیته"]

    assert titles(world.people["hq1"], "گرمايش") == ["گرمایش دبیرخانه‌ها"]
    assert titles(world.people["hq1"], "نهان") == []
    assert titles(world.committee.hq_expert, "نهان") == ["نهان برای دیگران"]
    assert titles(world.committee.ngo_user, "گرمایش") == []
