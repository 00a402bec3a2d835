"""C9: minutes are drafted from the facts, circulated, amended, signed by those present, sealed as a letter."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import ActionState, AmendmentState, MeetingState, MinutesState
from committee.minutes_text import content_hash
from committee.models import AgendaItem, Minutes
from committee.operations import minutes as operations
from committee.operations.attendance import record_absence
from committee.operations.minutes import amendments_until, signatures_until
from committee.workflow.minutes import MINUTES
from committee.workflow.resolutions import ACTION
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.letters.issuing import ensure_rendered
from staff_portal.kernel.models import AuditEntry, Holiday, Letter
from tests.committee import acts
from tests.committee.outcomes.world import NOW, World


def item_of(minutes: Minutes, kind: str = "motion") -> AgendaItem:
    return minutes.meeting.items.get(kind=kind)


def write(minutes: Minutes, world: World, text: str, *, at: Any = NOW) -> None:
    acts.write_discussion(minutes, actor=world.committee.secretary, at=at, texts={item_of(minutes).pk: text})


# --- the draft ---------------------------------------------------------------------------------------------


def test_closing_a_meeting_begins_its_minutes_which_know_what_happened(world: World) -> None:
    minutes = world.minutes()
    content = operations.content_of(minutes, secretary="دبیر")
    people = world.committee
    assert [row["name"] for row in content["present"]] == [person.full_name for person in world.present]
    assert [row["is_chair"] for row in content["present"]] == [True, False, False, False]
    assert content["present"][3]["behalf"] == f"سمن‌ها ({people.ngo.name})"
    assert content["absent"] == [{"name": people.deputy2.full_name, "behalf": "معاونت", "reason": "مأموریت"}]
    assert dict(content["head"])["ساعت"] == "۰۸:۰۰ تا ۱۰:۰۰"
    told = next(item for item in content["items"] if item["kind"] == "motion")["votes"][0]
    motion = item_of(minutes).motion
    assert told["last_hash"] == motion.last_hash
    assert told["tally"] == "۳ موافق، ۱ مخالف، ۰ ممتنع؛ مبنا ۵، رأی لازم ۳"
    assert told["resolution"]["number"] == "۱۴۰۵/م/۱"


def test_what_became_of_the_last_meetings_resolutions_is_told_as_it_was_then(world: World) -> None:
    early = NOW - timedelta(days=30)
    resolution = world.resolution(at=early)
    done = world.action(resolution, at=early, title="خرید میز")
    world.action(resolution, at=early, title="نصب تابلو")
    minutes = world.minutes()
    ACTION.apply(done, "finish", actor=world.committee.secretary, at=NOW + timedelta(days=1), note="تحویل شد")
    told = operations.content_of(minutes)["items"][0]["follow_ups"]
    assert [row["number"] for row in told] == ["۱۴۰۵/م/۱"]
    assert [(row["title"], row["state"], row["result"]) for row in told[0]["actions"]] == [
        ("خرید میز", ActionState.OPEN.label, ""),
        ("نصب تابلو", ActionState.OPEN.label, ""),
    ]


def test_the_secretary_writes_the_discussion_only_and_only_in_the_draft(world: World) -> None:
    minutes = world.minutes()
    write(minutes, world, "درباره سهم منطقه‌ها گفت‌وگو شد.")
    assert item_of(minutes).discussion == "درباره سهم منطقه‌ها گفت‌وگو شد."
    assert AuditEntry.objects.filter(event="minutes.discussion", root_id=minutes.meeting_id).count() == 1
    with pytest.raises(Refusal, match="چیزی تغییر نکرده است"):
        write(minutes, world, "درباره سهم منطقه‌ها گفت‌وگو شد.")
    assert AuditEntry.objects.filter(event="minutes.discussion").count() == 1
    with pytest.raises(NotPermitted):
        acts.write_discussion(minutes, actor=world.committee.hq1, at=NOW, texts={})
    with pytest.raises(Refusal, match="این دستور در این جلسه نیست"):
        acts.write_discussion(minutes, actor=world.committee.secretary, at=NOW, texts={0: "الف"})
    circulated = MINUTES.apply(minutes, "circulate", actor=world.committee.secretary, at=NOW)
    with pytest.raises(Refusal, match="تنها با پذیرش درخواست اصلاح"):
        write(circulated, world, "متن دیگر")


def test_writing_is_the_main_step_until_something_is_written(world: World, client: Any) -> None:
    minutes = world.minutes()
    client.force_login(world.committee.secretary)
    url = reverse("committee:minutes_detail", args=[minutes.meeting_id])

    def main() -> list[str]:
        return [action["label"] for action in client.get(url).context["actions"] if action.get("main")]

    assert main() == ["نوشتن گفت‌وگوها"]
    write(minutes, world, "درباره سهم منطقه‌ها گفت‌وگو شد.")
    assert main() == [MINUTES.rows["circulate"].label]


def test_the_page_of_writing_keeps_what_was_typed(world: World, client: Any) -> None:
    minutes = world.minutes()
    url = reverse("committee:minutes_write", args=[minutes.meeting_id])
    client.force_login(world.committee.secretary)
    assert f'data-draft-key="step-minutes-{minutes.pk}-write"' in client.get(url).content.decode()
    name = f"texts-{item_of(minutes).pk}"
    too_long = client.post(url, {name: "الف" * 12_000})
    assert too_long.status_code == 422
    assert "الف" * 100 in too_long.content.decode()
    saved = client.post(url, {name: "گفت‌وگو شد."}, follow=True)
    assert "گفت‌وگو شد." in saved.content.decode()


# --- circulation and amendments ------------------------------------------------------------------------------


def test_circulation_freezes_the_text_and_starts_a_clock_of_working_days(world: World) -> None:
    minutes = world.minutes("circulated")
    assert minutes.circulated_on == NOW.date()
    # Tue 3 Azar: Wed, (Thu, Fri off), Sat, Sun, Mon, Tue
    assert amendments_until(minutes) == NOW.date() + timedelta(days=7)
    Holiday.objects.create(day=NOW.date() + timedelta(days=4), title="تعطیل ناگهانی", created_at=NOW)
    assert amendments_until(minutes) == NOW.date() + timedelta(days=8)
    kept = operations.content_of(minutes)
    world.action(item_of(minutes).motion.resolution)
    assert operations.content_of(Minutes.objects.get(pk=minutes.pk)) == kept


def test_members_of_that_meeting_ask_and_the_secretary_answers_each(world: World) -> None:
    minutes, people = world.minutes("circulated"), world.committee
    first = acts.ask_amendment(minutes, actor=people.hq1, at=NOW, text="نام منطقه بیاید.")
    second = acts.ask_amendment(minutes, actor=people.deputy2, at=NOW, text="علت غیبت من بیماری بود.")
    with pytest.raises(NotPermitted):
        acts.ask_amendment(minutes, actor=people.hq_expert, at=NOW, text="من هم")
    with pytest.raises(Refusal, match="«اصلاح پیشنهادی» را وارد کنید"):
        acts.ask_amendment(minutes, actor=people.hq1, at=NOW, text=" ")
    item = item_of(minutes)
    with pytest.raises(NotPermitted):
        acts.accept_amendment(first, actor=people.hq2, at=NOW, item=item, discussion="الف")
    acts.accept_amendment(
        first, actor=people.secretary, at=NOW, item=item, discussion="درباره منطقه ۶ گفت‌وگو شد."
    )
    minutes.refresh_from_db()
    told = next(row for row in minutes.content["items"] if row["key"] == item.pk)
    assert told["discussion"] == "درباره منطقه ۶ گفت‌وگو شد."
    with pytest.raises(Refusal, match="دلیل نپذیرفتن"):
        acts.decline_amendment(second, actor=people.secretary, at=NOW, answer="")
    declined = acts.decline_amendment(
        second, actor=people.secretary, at=NOW, answer="علت همان است که اعلام شد."
    )
    assert (declined.state, declined.answered_by) == (AmendmentState.DECLINED, people.secretary)
    with pytest.raises(Refusal, match="پیش از این پاسخ"):
        acts.decline_amendment(second, actor=people.secretary, at=NOW, answer="باز هم")


def test_a_record_that_was_wrong_is_corrected_and_the_text_follows(world: World, client: Any) -> None:
    minutes, people = world.minutes("circulated"), world.committee
    asked = acts.ask_amendment(minutes, actor=people.deputy2, at=NOW, text="علت غیبت من بیماری بود.")
    url = reverse("committee:amendment_answer", args=[minutes.meeting_id, asked.pk])
    client.force_login(people.secretary)
    assert client.post(url, {"decision": "record", "answer": ""}).status_code == 422
    body = {"decision": "record", "answer": "علت غیبت اصلاح شد."}
    unchanged = client.post(url, body)
    assert unchanged.status_code == 422
    assert "نخست رویداد نادرست را در صفحه جلسه اصلاح کنید" in unchanged.content.decode()
    record_absence(
        minutes.meeting,
        people.seatings["deputy2"],
        reason="بیماری",
        actor=people.secretary,
        at=NOW,
    )
    assert client.post(url, body).status_code == 302
    minutes.refresh_from_db()
    assert minutes.content["absent"][0]["reason"] == "بیماری"
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (AmendmentState.ACCEPTED, "علت غیبت اصلاح شد.")


def test_amendments_are_asked_by_the_page_until_the_clock_is_over(world: World, client: Any) -> None:
    minutes, people = world.minutes("circulated"), world.committee
    url = reverse("committee:amendment_ask", args=[minutes.meeting_id])
    client.force_login(people.hq1)
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "نام منطقه بیاید."}).status_code == 302
    page = client.get(reverse("committee:minutes_detail", args=[minutes.meeting_id])).content.decode()
    assert "نام منطقه بیاید." in page
    assert "درخواست‌شده" in page
    client.force_login(people.secretary)
    answer = reverse("committee:amendment_answer", args=[minutes.meeting_id, minutes.amendments.get().pk])
    assert client.post(answer, {"decision": "accept"}).status_code == 422
    assert client.post(answer, {"decision": "decline", "answer": ""}).status_code == 422
    done = client.post(
        answer,
        {
            "decision": "accept",
            "item": item_of(minutes).pk,
            "discussion": "درباره منطقه ۶ بود.",
            "answer": "",
        },
    )
    assert done.status_code == 302
    assert minutes.amendments.get().state == AmendmentState.ACCEPTED
    client.force_login(people.hq_manager)
    assert client.post(url, {"text": "من هم"}).status_code == 403
    with pytest.raises(Refusal, match="مهلت اصلاح در"):
        acts.ask_amendment(minutes, actor=people.hq1, at=NOW + timedelta(days=8), text="دیر")


# --- signing -------------------------------------------------------------------------------------------------


def test_signing_waits_for_answers_and_for_the_clock_or_everybodys_word(world: World) -> None:
    minutes, people = world.minutes("circulated"), world.committee
    asked = acts.ask_amendment(minutes, actor=people.hq1, at=NOW, text="نام منطقه بیاید.")
    with pytest.raises(TransitionRefused, match="به ۱ درخواست اصلاح"):
        MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW + timedelta(days=20))
    acts.decline_amendment(asked, actor=people.secretary, at=NOW, answer="در متن هست.")
    with pytest.raises(TransitionRefused, match="مهلت اصلاح تا پایان"):
        MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW)
    for person in world.present[:-1]:
        acts.want_no_amendment(minutes, actor=person, at=NOW)
    with pytest.raises(TransitionRefused, match=world.present[-1].full_name):
        MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW)
    acts.want_no_amendment(minutes, actor=world.present[-1], at=NOW)
    with pytest.raises(Refusal, match="پیش از این اعلام"):
        acts.want_no_amendment(minutes, actor=world.present[-1], at=NOW)
    started = MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW)
    assert (started.state, started.signing_from) == (MinutesState.SIGNING, NOW.date())
    assert started.content_hash == content_hash(started.content)


def test_what_the_members_read_is_what_they_sign(world: World, raw_sql: Any) -> None:
    """Work given out meanwhile, a clock prolonged, an accepted request: none brings in what nobody read (C9)."""
    minutes, people = world.minutes("circulated"), world.committee
    read, item = minutes.content, item_of(minutes)
    world.action(item.motion.resolution)
    record_absence(
        minutes.meeting, people.seatings["deputy2"], reason="بیماری", actor=people.secretary, at=NOW
    )
    asked = acts.ask_amendment(minutes, actor=people.hq1, at=NOW, text="نام منطقه بیاید.")
    acts.accept_amendment(asked, actor=people.secretary, at=NOW, item=item, discussion="منطقه ۶")
    minutes.refresh_from_db()
    items = [row | {"discussion": "منطقه ۶"} if row["key"] == item.pk else row for row in read["items"]]
    assert minutes.content == read | {"items": items}, "that item alone"
    asked = acts.ask_amendment(minutes, actor=people.deputy2, at=NOW, text="علت غیبت من بیماری بود.")
    acts.accept_by_record(asked, actor=people.secretary, at=NOW, answer="اصلاح شد.")
    minutes.refresh_from_db()
    assert minutes.content["absent"][0]["reason"] == "بیماری"
    assert minutes.content["resolutions"] == read["resolutions"]
    world.action(item.motion.resolution, title="کاری دیگر")
    frozen = minutes.content
    with pytest.raises(IntegrityError) as error:
        raw_sql(
            "UPDATE committee_minutes SET state = 'signing', content_hash = 'x', signing_from = '2026-12-01',"
            ' content = content || \'{"secretary": "x"}\' WHERE id = %s',
            [minutes.pk],
        )
    assert constraints.constraint_name(error.value) == "c9_read_is_signed"
    for person in world.present:
        acts.want_no_amendment(minutes, actor=person, at=NOW)
    started = MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW)
    assert (started.content, started.content_hash) == (frozen, content_hash(frozen))


def test_the_day_of_the_deadline_still_belongs_to_the_members(world: World) -> None:
    minutes, people = world.minutes("circulated"), world.committee
    last = amendments_until(minutes)
    day = (last - NOW.date()).days
    with pytest.raises(TransitionRefused):
        MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW + timedelta(days=day))
    started = MINUTES.apply(
        minutes, "start_signing", actor=people.secretary, at=NOW + timedelta(days=day + 1)
    )
    assert started.state == MinutesState.SIGNING


def test_each_one_present_signs_once_for_oneself_or_with_a_dissent(world: World) -> None:
    minutes, people = world.minutes("signing"), world.committee
    MINUTES.apply(minutes, "sign", actor=people.hq1, at=NOW)
    MINUTES.apply(minutes, "sign", actor=people.deputy1, at=NOW, dissent="با مهلت موافق نبودم.")
    with pytest.raises(NotPermitted, match="پیش از این امضا"):
        MINUTES.apply(minutes, "sign", actor=people.hq1, at=NOW)
    with pytest.raises(NotPermitted, match="حاضر بوده‌اند"):
        MINUTES.apply(minutes, "sign", actor=people.deputy2, at=NOW)
    for person in (people.secretary, people.hq_manager, people.auditor):
        with pytest.raises(NotPermitted):
            MINUTES.apply(minutes, "sign", actor=person, at=NOW)
    signed = list(minutes.signatures.order_by("id"))
    assert [(row.signed_by, row.dissent) for row in signed] == [
        (people.hq1, ""),
        (people.deputy1, "با مهلت موافق نبودم."),
    ]
    assert {row.content_hash for row in signed} == {minutes.content_hash}


def test_the_page_of_signing_asks_for_the_dissents_text(world: World, client: Any) -> None:
    minutes, people = world.minutes("signing"), world.committee
    url = reverse("committee:minutes_sign", args=[minutes.meeting_id])
    client.force_login(people.hq2)
    assert "سیاست واگذاری فضاها" in client.get(url).content.decode()
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"choice": "dissent", "dissent": ""}).status_code == 422
    mixed = client.post(url, {"choice": "sign", "dissent": "موافق نبودم"})
    assert mixed.status_code == 422
    assert "موافق نبودم" in mixed.content.decode()
    assert client.post(url, {"choice": "dissent", "dissent": "موافق نبودم."}).status_code == 302
    assert client.post(url, {"choice": "sign"}).status_code == 403
    client.force_login(people.deputy2)
    assert client.get(url).status_code == 403
    assert client.post(url, {"choice": "sign"}).status_code == 403
    assert AuditEntry.objects.filter(event="kernel.refused", actor=people.deputy2).exists()
    assert minutes.signatures.count() == 1


def test_p27_after_signing_the_notice_leads_to_the_minutes(world: World, client: Any) -> None:
    minutes, people = world.minutes("signing"), world.committee
    url = reverse("committee:minutes_sign", args=[minutes.meeting_id])
    MINUTES.apply(minutes, "sign", actor=people.hq2, at=NOW)
    for state in ("signing", "sealed"):
        if state == "sealed":
            MINUTES.apply(minutes, "seal", actor=people.secretary, at=NOW + timedelta(days=20))
        client.force_login(people.hq2)
        response = client.get(url, follow=True)
        assert response.redirect_chain == [(minutes.get_absolute_url(), 302)] and response.status_code == 200


def test_who_asked_for_an_amendment_is_not_offered_to_want_none(world: World, client: Any) -> None:
    minutes, people = world.minutes("circulated"), world.committee
    client.force_login(people.hq2)

    def offered() -> bool:
        steps = client.get(minutes.get_absolute_url()).context["actions"]
        return "اصلاحی ندارم" in [step["label"] for step in steps]

    assert offered()
    asked = acts.ask_amendment(minutes, actor=people.hq2, at=NOW, text="نام واحد افزوده شود.")
    assert not offered()
    acts.decline_amendment(asked, actor=people.secretary, at=NOW, answer="گفته نشد.")
    assert offered()


def test_no_delegate_signs_for_a_member(world: World) -> None:
    from staff_portal.kernel.base.roles import Role
    from tests.factories.people import delegate, make_user

    minutes = world.minutes("signing")
    other = make_user(None, side="hq")
    delegate(world.committee.hq1, other, Role.HQ_MEMBER)
    with pytest.raises(NotPermitted):
        MINUTES.apply(minutes, "sign", actor=other, at=NOW)


# --- sealing -------------------------------------------------------------------------------------------------


def test_the_secretary_seals_when_all_have_signed_and_the_meeting_is_minuted(world: World) -> None:
    minutes = world.minutes("sealed")
    minutes.meeting.refresh_from_db()
    assert (minutes.state, minutes.meeting.state) == (MinutesState.SEALED, MeetingState.MINUTED)
    letter = minutes.letter
    assert (letter.number.text, letter.kind) == ("1405/ص/1", "minutes")
    assert (letter.root_type, letter.root_id) == ("committee.meeting", minutes.meeting_id)
    assert dict(letter.public_facts)["امضاها"] == "۴ از ۴ عضو حاضر"
    assert AuditEntry.objects.filter(event="meeting.minuted", root_id=minutes.meeting_id).exists()
    assert ensure_rendered(letter, at=NOW).sha256


def test_the_secretary_does_not_seal_before_the_time_while_somebody_has_not_signed(world: World) -> None:
    minutes, people = world.minutes("signing"), world.committee
    for person in world.present[:-1]:
        MINUTES.apply(minutes, "sign", actor=person, at=NOW)
    with pytest.raises(TransitionRefused, match=world.present[-1].full_name):
        MINUTES.apply(minutes, "seal", actor=people.secretary, at=NOW)
    assert not Letter.objects.filter(kind="minutes").exists()


def test_after_the_deadline_the_system_seals_with_not_signed_beside_the_others(
    world: World, client: Any
) -> None:
    minutes, people = world.minutes("signing"), world.committee
    MINUTES.apply(minutes, "sign", actor=people.hq1, at=NOW, dissent="موافق نبودم.")
    last = signatures_until(minutes)
    late = NOW + (last - NOW.date()) + timedelta(days=1)
    assert acts.advance_minutes(NOW + (last - NOW.date())) == 0
    assert acts.advance_minutes(late) == 1
    assert acts.advance_minutes(late) == 0
    sealed = Minutes.objects.get(pk=minutes.pk)
    grid = sealed.letter.content["signatures"]
    assert [cell["status"] for cell in grid] == ["امضا شد", "امضا نشد", "امضا نشد", "امضا نشد"]
    assert grid[0]["dissent"] == "موافق نبودم."
    assert sealed.letter.signed_by is None
    assert dict(sealed.letter.public_facts)["امضاها"] == "۱ از ۴ عضو حاضر"
    assert Letter.objects.filter(kind="minutes").count() == 1
    client.force_login(people.secretary)
    page = client.get(sealed.get_absolute_url()).content.decode()
    assert page.count("امضا نشد") == 3
    assert "در انتظار امضا" not in page
    with pytest.raises(Refusal):
        MINUTES.apply(sealed, "sign", actor=people.hq2, at=late)


def test_the_system_begins_signing_at_the_clocks_end_unless_something_is_unanswered(world: World) -> None:
    minutes, people = world.minutes("circulated"), world.committee
    asked = acts.ask_amendment(minutes, actor=people.hq1, at=NOW, text="نام منطقه بیاید.")
    late = NOW + timedelta(days=12)
    assert acts.advance_minutes(late) == 0
    acts.decline_amendment(asked, actor=people.secretary, at=late, answer="در متن هست.")
    assert acts.advance_minutes(late) == 1
    assert acts.advance_minutes(late) == 0
    assert Minutes.objects.get(pk=minutes.pk).state == MinutesState.SIGNING
    entry = AuditEntry.objects.get(event="minutes.signing_started")
    assert entry.actor is None


def test_the_page_shows_the_paper_to_its_readers_and_the_draft_to_nobody_else(
    world: World, client: Any
) -> None:
    minutes, people = world.minutes(), world.committee
    url = reverse("committee:minutes_detail", args=[minutes.meeting_id])
    for person, status in ((people.hq1, 404), (people.hq_expert, 404), (people.ngo_user, 403)):
        client.force_login(person)
        assert client.get(url).status_code == status
    for person in (people.secretary, people.auditor):
        client.force_login(person)
        page = client.get(url).content.decode()
        assert (f"تنظیم‌کننده: {person.full_name}" in page) == (person == people.secretary)
    MINUTES.apply(minutes, "circulate", actor=people.secretary, at=NOW)
    for person in (people.hq1, people.hq_manager, people.deputy_expert):
        client.force_login(person)
        page = client.get(url).content.decode()
        assert "صورتجلسه جلسه شماره ۱ کمیته مشترک" in page
        assert "پایان زنجیره رأی‌ها" in page


def test_the_steps_are_taken_by_the_page(world: World, client: Any) -> None:
    minutes, people = world.minutes(), world.committee
    detail = reverse("committee:minutes_detail", args=[minutes.meeting_id])

    def do(name: str) -> int:
        return client.post(reverse("committee:minutes_do", args=[minutes.meeting_id, name])).status_code

    client.force_login(people.auditor)
    assert do("circulate") == 403
    client.force_login(people.secretary)
    assert (
        client.get(reverse("committee:minutes_do", args=[minutes.meeting_id, "circulate"])).status_code == 200
    )
    assert do("circulate") == 302
    assert do("start_signing") == 409
    assert "هنوز اعلام نکرده‌اند" in client.get(detail).content.decode()
    for person in world.present:
        client.force_login(person)
        url = reverse("committee:amendment_none", args=[minutes.meeting_id])
        assert client.post(url).status_code == 302
        assert client.post(url).status_code == 409
    client.force_login(people.secretary)
    assert do("start_signing") == 302
    assert do("seal") == 409
    for person in world.present:
        client.force_login(person)
        url = reverse("committee:minutes_sign", args=[minutes.meeting_id])
        assert client.post(url, {"choice": "sign"}).status_code == 302
    client.force_login(people.secretary)
    assert do("nothing") == 404
    assert do("seal") == 302
    page = client.get(detail).content.decode()
    assert "۱۴۰۵/ص/۱" in page
    assert page.count("امضا شد") >= 4


def test_nothing_changes_sealed_minutes_by_the_pages(world: World, client: Any) -> None:
    minutes, people = world.minutes("sealed"), world.committee
    meeting, item = minutes.meeting_id, item_of(minutes)
    client.force_login(people.secretary)
    writing = reverse("committee:minutes_write", args=[meeting])
    assert client.post(writing, {f"texts-{item.pk}": "دیگر"}).status_code == 409
    for name in ("circulate", "start_signing", "seal"):
        url = reverse("committee:minutes_do", args=[meeting, name])
        assert client.post(url).status_code == 409
    client.force_login(people.hq1)
    asking = reverse("committee:amendment_ask", args=[meeting])
    assert client.post(asking, {"text": "دیگر"}).status_code == 409
    assert client.post(reverse("committee:amendment_none", args=[meeting])).status_code == 409
    signing = reverse("committee:minutes_sign", args=[meeting])
    assert client.post(signing, {"choice": "sign"}).status_code == 403
    kept = Minutes.objects.get(pk=minutes.pk)
    assert (kept.content, kept.state, kept.signatures.count()) == (minutes.content, "sealed", 4)
    item.refresh_from_db()
    assert item.discussion == ""
