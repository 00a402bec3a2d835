"""The pages of nominations: who reads what, every refusal by POST with nothing lost, the proof sheet (M7, C2, C3)."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from committee.enums import RoundState
from committee.models import NominationBallot, NominationRound, Nominee, Seating
from committee.operations import nominations
from committee.workflow.nominations import ROUND
from ngos.models import NgoAccount
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters.issuing import ensure_rendered
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits
from tests.committee.nominations.world import (
    WHY,
    World,
    cast,
    decide,
    eligible,
    in_state,
    prepare_round,
    put_forward,
    representative,
    seal,
)
from tests.factories.committee import open_term
from tests.factories.people import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return unescape(response.content.decode())


def detail(world: World) -> str:
    return reverse("committee:nomination_detail", args=[world.nomination.pk])


def do(world: World, name: str) -> str:
    return reverse("committee:nomination_do", args=[world.nomination.pk, name])


def state_of(world: World) -> str:
    return NominationRound.objects.get(pk=world.nomination.pk).state


# --- who reads -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.UNIT_EXPERT, Role.NGO_USER, Role.ADMIN, Role.HQ_ASSESSOR, None])
def test_who_has_no_business_there_is_told_so(opened: World, client_for, role):
    browser = client_for(make_user(role))
    for url in (reverse("committee:nomination_list"), detail(opened), do(opened, "void")):
        response = browser.get(url)
        assert response.status_code == 403
        assert "برای نقش شما باز نیست" in text_of(response)


def test_list_and_round_agree_on_who_reads(opened: World, client_for):
    from committee import rules

    for role in [*Role, None]:
        user = make_user(role)
        listed = NominationRound.objects.filter(rules.rounds_visible_to(user, TODAY)).exists()
        assert listed == rules.can_view_round(user, opened.nomination, TODAY)
        nominee = opened.nominees[0]
        page = Nominee.objects.filter(rules.nominees_visible_to(user, TODAY), pk=nominee.pk).exists()
        assert page == rules.can_view_nominee(user, nominee, TODAY)


def test_choices_of_others_are_hidden_until_the_end(opened: World, client_for):
    cast(opened, opened.five.deputy1, 2)
    cast(opened, opened.five.hq1, 1)
    five = opened.five
    for user in (five.deputy2, five.hq2, five.auditor, five.hq_manager, five.deputy_manager, five.secretary):
        page = text_of(client_for(user).get(detail(opened)))
        assert five.deputy1.full_name in page
        assert "رأی داد" in page
        assert "رأی به «" not in page
        assert 'class="votes"' not in page
        assert "رأی شما به" not in page
    assert f"رأی شما به «{opened.ngos[2].name}»" in text_of(client_for(five.deputy1).get(detail(opened)))


def test_after_the_end_every_ballot_is_read_and_hqs_marked_advisory(opened: World, client_for):
    cast(opened, opened.five.hq1, 2)
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 0)
    page = text_of(client_for(opened.five.auditor).get(detail(opened)))
    assert f"رأی به «{opened.ngos[2].name}»" in page
    assert "مشورتی" in page
    assert "تعیین‌کننده" in page
    assert "با دو رأی یکسان معاونت" in page


def test_the_clock_is_said_in_working_days(opened: World, client_for):
    assert "۱۰ روز کاری مانده" in text_of(client_for(opened.five.hq1).get(detail(opened)))
    deadline = nominations.deadline_of(opened.nomination)
    for days, words in ((0, "امروز آخرین روز رأی‌گیری است"), (1, "مهلت رأی‌گیری گذشته است")):
        with time_machine.travel(NOW + (deadline - TODAY) + timedelta(days=days), tick=False):
            page = text_of(client_for(opened.five.hq1).get(detail(opened)))
        assert words in page


def test_who_waits_for_the_heads_decision_sees_no_clock_of_the_voters(opened: World, client_for):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    client = client_for(opened.five.deputy_manager)
    page = text_of(client.get(detail(opened)))
    assert "در انتظار تصمیم معاون" in page
    assert "روز کاری مانده" not in page and "مهلت رأی‌گیری" not in page
    assert "رأی تا" not in text_of(client.get(reverse("committee:nomination_list")))


def test_p21_the_page_that_seals_names_the_three(vacant: World, client_for):
    world = put_forward(vacant)
    page = text_of(client_for(world.five.hq_manager).get(do(world, "seal")))
    for nominee in world.nominees:
        assert nominee.ngo.name in page and nominee.representative.full_name in page


# --- from the vacant seat to the proof sheet -----------------------------------------------------------------


def test_the_whole_way_by_the_pages(vacant: World, client_for):
    five = vacant.five
    expert = client_for(five.hq_expert)
    page = text_of(expert.get(reverse("committee:nomination_new")))
    assert "کرسی سمن‌ها در دوره ۱ خالی است" in page
    made = expert.post(reverse("committee:nomination_new"), {"seat": five.seats["ngo"].pk})
    vacant.nomination = NominationRound.objects.get(state=RoundState.PREPARING)
    assert made.url == detail(vacant)
    add = reverse("committee:nominee_add", args=[vacant.nomination.pk])
    for _ in range(3):
        ngo = eligible(five)
        vacant.ngos.append(ngo)
        vacant.people.append(representative(ngo))
        assert WHY in text_of(expert.post(add, {"ngo": ngo.pk, "why": WHY}, follow=True))
    greyed = text_of(client_for(five.hq_manager).get(detail(vacant)))
    assert "هنوز نامزدی را نپذیرفته است" in greyed
    for nominee, person in zip(vacant.nominees, vacant.people, strict=True):
        consent = reverse("committee:nominee_consent", args=[nominee.pk])
        done = client_for(person).post(consent, {"representative": person.pk}, follow=True)
        assert "پذیرش نامزدی ثبت شد" in text_of(done)
    sealed = client_for(five.hq_manager).post(do(vacant, "seal"), follow=True)
    assert "سه نامزد نهایی شد" in text_of(sealed)
    for voter, place in ((five.hq2, 0), (five.deputy1, 1), (five.deputy2, 1)):
        browser = client_for(voter)
        asked = text_of(browser.get(f"{do(vacant, 'cast')}?nominee={vacant.nominees[place].pk}"))
        assert f'value="{vacant.nominees[place].pk}" data-no-draft required checked' in asked
        answer = browser.post(do(vacant, "cast"), {"nominee": vacant.nominees[place].pk}, follow=True)
        assert "رأی شما ثبت شد" in text_of(answer)
    vacant.nomination.refresh_from_db()
    assert vacant.nomination.state == RoundState.DECIDED
    assert Seating.objects.get(round=vacant.nomination).ngo == vacant.ngos[1]
    letter = vacant.nomination.proof
    assert reverse("letter_detail", args=[letter.pk]) in text_of(client_for(five.deputy1).get(detail(vacant)))


def test_the_proof_sheet_is_verified_by_anyone(opened: World, client_for):
    cast(opened, opened.five.hq1, 2)
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    decide(opened, 1, note="پوشش بیشتر منطقه‌ها")
    letter = opened.nomination.proof
    public = text_of(Client().get(f"/verify/{letter.code}/"))
    chosen = to_persian_digits(opened.ngos[1].name)
    assert chosen in public
    assert "تصمیم معاون امور اجتماعی و فرهنگی" in public
    assert "۳ آذر ۱۴۰۵" in public
    assert "برگه اثبات انتخاب" in public
    assert to_persian_digits(opened.five.deputy1.full_name) not in public
    forged = Client().get(f"/verify/{letter.code[:-2]}xx/")
    assert chosen not in text_of(forged)
    content = letter.content
    assert [row["name"] for row in content["nominees"]] == [ngo.name for ngo in opened.ngos]
    assert all(
        row["met_at_sealing"] and row["met_at_decision"]
        for nominee in content["nominees"]
        for row in nominee["criteria"]
    )
    assert [len(nominee["criteria"]) for nominee in content["nominees"]] == [6, 6, 6]
    ballots = [(row["weight"], row["choice"]) for row in content["ballots"]]
    assert ballots == [
        ("مشورتی", opened.ngos[2].name),
        ("مشورتی", ""),
        ("تعیین‌کننده", opened.ngos[0].name),
        ("تعیین‌کننده", opened.ngos[1].name),
    ]
    assert content["proposed_by"] == opened.five.hq_expert.full_name
    assert content["sealed_by"] == opened.five.hq_manager.full_name
    assert content["reason"] == "پوشش بیشتر منطقه‌ها"
    assert letter.number.text.split("/")[1] == "ن"
    assert ensure_rendered(letter, at=NOW).file.size > 10_000


def test_the_committees_readers_open_the_letter_and_others_do_not(vacant: World, client_for):
    nomination = in_state(vacant, RoundState.DECIDED)
    url = reverse("letter_detail", args=[nomination.proof_id])
    assert client_for(vacant.five.secretary).get(url).status_code == 200
    assert client_for(make_user(Role.UNIT_EXPERT)).get(url).status_code in (403, 404)


# --- putting forward -----------------------------------------------------------------------------------------


def test_candidates_are_found_in_any_spelling_with_who_is_eligible_and_why_not(vacant: World, client_for):
    world = put_forward(vacant, 1)
    eligible(world.five, name="کانون یاوران کودک")
    eligible(world.five, name="کانون یاوران بی‌گزارش", report=False)
    add = reverse("committee:nominee_add", args=[world.nomination.pk])
    page = text_of(client_for(world.five.hq_expert).get(add, {"q": "ياوران"}))
    assert "کانون یاوران کودک" in page
    assert "در ۱۲ ماه گذشته گزارش عملکرد پذیرفته‌شده ندارد" in page
    assert "واجد شرایط" in page
    assert "نامزد این دور است" in text_of(client_for(world.five.hq_expert).get(add))
    seated = re.compile(rf"{re.escape(world.five.ngo.name)}(?!\d)")
    assert not seated.search(text_of(client_for(world.five.hq_expert).get(add)))


def test_a_candidate_without_a_reason_comes_back_and_one_not_a_member_is_refused(vacant: World, client_for):
    world = put_forward(vacant, 0)
    add = reverse("committee:nominee_add", args=[world.nomination.pk])
    expert = client_for(world.five.hq_expert)
    ngo = eligible(world.five)
    empty = expert.post(add, {"ngo": ngo.pk, "why": " "})
    assert empty.status_code == 422
    assert ngo.name in text_of(empty)
    refused = expert.post(add, {"ngo": world.five.ngo.pk, "why": WHY})
    assert refused.status_code == 409
    assert "تنها سمن‌های عضو نامزد می‌شوند" in text_of(refused)
    assert WHY in text_of(refused)
    assert client_for(world.five.hq_manager).post(add, {"ngo": ngo.pk, "why": WHY}).status_code == 403
    assert not world.nomination.nominees.exists()


# --- refusals by POST ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 4])
def test_two_or_four_are_not_sealed(vacant: World, client_for, count):
    world = put_forward(vacant, count)
    response = client_for(world.five.hq_manager).post(do(world, "seal"))
    assert response.status_code == 409
    assert "دقیقاً سه سمن لازم است" in text_of(response)
    assert state_of(world) == RoundState.PREPARING


def test_after_sealing_the_three_cannot_be_changed(opened: World, client_for):
    expert = client_for(opened.five.hq_expert)
    fresh, first = eligible(opened.five), opened.nominees[0]
    add = reverse("committee:nominee_add", args=[opened.nomination.pk])
    assert "تغییر نمی‌کنند" in text_of(expert.post(add, {"ngo": fresh.pk, "why": WHY}, follow=True))
    removed = expert.post(reverse("committee:nominee_remove", args=[first.pk]), {"note": "سبب کافی"})
    assert (removed.status_code, "سبب کافی" in text_of(removed)) == (409, True)
    other = representative(opened.ngos[0])
    consent = client_for(opened.people[0]).post(
        reverse("committee:nominee_consent", args=[first.pk]), {"representative": other.pk}
    )
    assert consent.status_code == 409
    assert [row.ngo for row in opened.nominees] == opened.ngos
    assert Nominee.objects.get(pk=first.pk).representative == opened.people[0]


def test_a_refused_vote_comes_back_on_the_cards(opened: World, client_for):
    for user in (opened.five.deputy1, opened.five.hq2):
        response = client_for(user).post(do(opened, "cast"), {})
        assert response.status_code == 422
        assert "committee/nominations/choose.html" in [template.name for template in response.templates]
        page = text_of(response)
        assert all(ngo.name in page for ngo in opened.ngos)
        assert 'id="id_nominee_error">یکی را برگزینید.' in page
        assert "data-draft-key" not in page  # an older choice must never overrule the link that was followed
        assert ("رأی مشورتی" in page) == (user == opened.five.hq2)
    assert not NominationBallot.objects.filter(round=opened.nomination).exists()


def test_a_refused_pick_comes_back_on_the_cards_with_everything_kept(opened: World, client_for):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    head, third = client_for(opened.five.deputy_manager), opened.nominees[2].pk
    kept = f'value="{third}" data-no-draft required checked'
    silent = head.post(do(opened, "decide"), {"nominee": third, "note": " "})
    assert silent.status_code == 422
    assert kept in text_of(silent)
    assert "این خانه را پر کنید." in text_of(silent)
    assert "این دلیل در برگه اثبات انتخاب می‌آید." in text_of(silent)
    nobody = head.post(do(opened, "decide"), {"note": "دلیل نوشته‌شده"})
    assert nobody.status_code == 422
    assert 'id="id_nominee_error">یکی را برگزینید.' in text_of(nobody)
    assert "دلیل نوشته‌شده</textarea>" in text_of(nobody)
    User.objects.filter(pk=opened.people[2].pk).update(is_active=False)
    lost = head.post(do(opened, "decide"), {"nominee": third, "note": "دلیل نوشته‌شده"})
    assert lost.status_code == 409
    assert kept in text_of(lost)
    assert state_of(opened) == RoundState.OPEN


def test_a_pick_outside_the_three_is_refused_with_what_was_typed(opened: World, client_for):
    outside = Nominee.objects.exclude(round=opened.nomination).first()
    ballot = client_for(opened.five.deputy1).post(do(opened, "cast"), {"nominee": outside.pk})
    assert ballot.status_code == 422
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    sent = {"nominee": outside.pk, "note": "دلیل نوشته‌شده"}
    decision = client_for(opened.five.deputy_manager).post(do(opened, "decide"), sent)
    assert decision.status_code == 422
    assert "دلیل نوشته‌شده" in text_of(decision)
    assert state_of(opened) == RoundState.OPEN


def test_hq_does_not_pick(opened: World, client_for):
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 1)
    sent = {"nominee": opened.nominees[0].pk, "note": "دلیل"}
    for user in (opened.five.hq_manager, opened.five.hq1, opened.five.hq_expert, opened.five.deputy1):
        assert client_for(user).post(do(opened, "decide"), sent).status_code == 403
    assert state_of(opened) == RoundState.OPEN


def test_the_head_does_not_pick_while_the_members_may_agree_nor_after(opened: World, client_for):
    head = client_for(opened.five.deputy_manager)
    sent = {"nominee": opened.nominees[2].pk, "note": "دلیل"}
    assert "نخست نمایندگان معاونت رأی می‌دهند" in text_of(head.get(detail(opened)))
    early = head.post(do(opened, "decide"), sent)
    assert (early.status_code, "نخست نمایندگان معاونت" in text_of(early)) == (409, True)
    cast(opened, opened.five.deputy1, 0)
    cast(opened, opened.five.deputy2, 0)
    late = head.post(do(opened, "decide"), sent)
    assert late.status_code == 409
    assert NominationRound.objects.get(pk=opened.nomination.pk).chosen == opened.nominees[0]


def test_ballots_the_page_refuses(opened: World, client_for):
    five, sent = opened.five, {"nominee": opened.nominees[0].pk}
    assert client_for(five.deputy1).post(do(opened, "cast"), sent).status_code == 302
    for user in (
        five.deputy1,
        five.ngo_member,
        make_user(Role.DEPUTY_MEMBER),
        five.secretary,
        five.hq_manager,
    ):
        response = client_for(user).post(do(opened, "cast"), {"nominee": opened.nominees[1].pk})
        assert response.status_code == 403, user
    assert NominationBallot.objects.get(round=opened.nomination).nominee == opened.nominees[0]


@pytest.mark.parametrize("state", [RoundState.DECIDED, RoundState.VOID])
def test_a_round_that_is_over_is_not_reopened(vacant: World, client_for, state):
    in_state(vacant, state)
    five, nominee = vacant.five, vacant.nominees[0].pk
    steps = (
        ("seal", five.hq_manager, {}),
        ("cast", five.hq1, {"nominee": nominee}),
        ("decide", five.deputy_manager, {"nominee": nominee, "note": "دلیل"}),
        ("void", five.deputy_manager, {"note": "سبب"}),
    )
    for name, user, sent in steps:
        response = client_for(user).post(do(vacant, name), sent)
        assert response.status_code == 409, name
    assert client_for(five.hq_manager).post(do(vacant, "decide_by_ballots")).status_code == 404
    assert state_of(vacant) == state


def test_no_second_round_while_one_runs_or_the_seat_is_filled(prepared: World, client_for):
    seat, expert = prepared.five.seats["ngo"].pk, client_for(prepared.five.hq_expert)
    refused = expert.post(reverse("committee:nomination_new"), {"seat": seat})
    assert refused.status_code == 422
    assert "برای این کرسی دوری در جریان است" in text_of(refused)
    seal(prepared)
    cast(prepared, prepared.five.deputy1, 0)
    cast(prepared, prepared.five.deputy2, 0)
    assert "کرسی سمن‌ها پر است" in text_of(expert.get(reverse("committee:nomination_new")))


# --- the NGO's own page --------------------------------------------------------------------------------------


def test_an_ngo_sees_its_own_nomination_only(vacant: World, client_for):
    world = put_forward(vacant, 2, consents=())
    own, other = world.nominees
    page = client_for(world.people[0]).get(reverse("committee:nominee_detail", args=[own.pk]))
    assert page.status_code == 200
    assert "پذیرش سمن لازم است" in text_of(page)
    for name in ("nominee_detail", "nominee_consent", "nominee_withdraw"):
        url = reverse(f"committee:{name}", args=[other.pk])
        assert client_for(world.people[0]).get(url).status_code == 404
    assert (
        client_for(make_user(Role.UNIT_EXPERT))
        .get(reverse("committee:nominee_detail", args=[own.pk]))
        .status_code
        == 403
    )
    NgoAccount.objects.filter(user=world.people[0]).update(
        period=period(TODAY - timedelta(9), TODAY - timedelta(1))
    )
    assert (
        client_for(world.people[0]).get(reverse("committee:nominee_detail", args=[own.pk])).status_code == 404
    )


def test_the_expert_consents_by_the_letters_number_only(vacant: World, client_for):
    world = put_forward(vacant, 1, consents=())
    url = reverse("committee:nominee_consent", args=[world.nominees[0].pk])
    expert = client_for(world.five.hq_expert)
    missing = expert.post(url, {"representative": world.people[0].pk, "reference": ""})
    assert missing.status_code == 422
    assert world.nominees[0].consented_on is None
    assert expert.post(url, {"representative": world.people[0].pk, "reference": "۱۲/۴"}).status_code == 302
    assert world.nominees[0].consent_reference == "12/4" or world.nominees[0].consent_reference == "۱۲/۴"
    assert client_for(world.five.auditor).get(url).status_code == 403


def test_the_ngo_withdraws_by_its_page(opened: World, client_for):
    url = reverse("committee:nominee_withdraw", args=[opened.nominees[0].pk])
    browser = client_for(opened.people[0])
    assert "این دور باطل می‌شود" in text_of(browser.get(url))
    assert browser.post(url, {"note": ""}).status_code == 422
    assert browser.post(url, {"note": "فرصت نداریم"}).url == reverse("home")
    assert state_of(opened) == RoundState.VOID
    assert "این دور معرفی باطل شد" in text_of(
        browser.get(reverse("committee:nominee_detail", args=[opened.nominees[0].pk]))
    )


def test_an_ngo_without_people_is_told_what_comes_first(vacant: World, client_for):
    world = put_forward(vacant, 1, consents=())
    NgoAccount.objects.filter(ngo=world.ngos[0]).update(
        period=period(TODAY - timedelta(9), TODAY - timedelta(1))
    )
    page = client_for(world.five.hq_expert).get(
        reverse("committee:nominee_consent", args=[world.nominees[0].pk])
    )
    assert "هنوز نماینده‌ای در سامانه ندارد" in text_of(page)


# --- the list ------------------------------------------------------------------------------------------------


def _more_rounds(world: World, count: int) -> None:
    for _ in range(count):
        made = prepare_round(actor=world.five.hq_expert, at=NOW, seat=world.five.seats["ngo"])
        ROUND.apply(made, "void", actor=world.five.hq_manager, at=NOW, note="برای شمارش")


def test_the_list_costs_the_same_for_one_and_for_fifty(vacant: World, client_for, django_assert_num_queries):
    browser, url = client_for(vacant.five.auditor), reverse("committee:nomination_list")
    browser.get(url)
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(url)
    _more_rounds(vacant, 49)
    with django_assert_num_queries(LIST_QUERIES):
        page = browser.get(f"{url}?size=50")
    assert text_of(page).count("باطل‌شده") >= 49


LIST_QUERIES = 9


def test_filters_search_sort_and_excel_of_the_list(opened: World, client_for):
    browser, url = client_for(opened.five.auditor), reverse("committee:nomination_list")
    assert opened.ngos[0].name in text_of(browser.get(url))
    assert opened.ngos[0].name not in text_of(browser.get(url, {"state": "decided"}))
    assert opened.ngos[0].name in text_of(browser.get(url, {"q": opened.ngos[0].name, "sort": "-sealed"}))
    assert "دوری با این صافی‌ها نیست" in text_of(browser.get(url, {"q": "هیچ‌کجا"}))
    book = load_workbook(BytesIO(browser.get(url, {"format": "xlsx", "state": "open"}).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:3] == ("دور", "وضعیت", "دوره کمیته")
    assert [row[1] for row in rows[1:]] == ["در حال رأی‌گیری"]


def test_an_empty_list_names_the_next_step(db, client_for):
    open_term(make_user(Role.HQ_MANAGER), make_user(Role.DEPUTY_MANAGER))
    page = text_of(client_for(make_user(Role.HQ_EXPERT)).get(reverse("committee:nomination_list")))
    assert "هنوز دور معرفی‌ای آغاز نشده است" in page
    assert f'href="{reverse("committee:nomination_new")}"' in page
    assert "greyed" not in page


def test_a_round_is_offered_only_where_one_is_called_for(vacant: World, client_for):
    url, new = reverse("committee:nomination_list"), f'href="{reverse("committee:nomination_new")}"'

    def page_of(user) -> str:
        return text_of(client_for(user).get(url))

    expert = vacant.five.hq_expert
    assert new in page_of(expert)
    assert "آغاز معرفی نامزد" not in page_of(vacant.five.hq_manager)
    seal(put_forward(vacant))
    assert "برای این کرسی دوری در جریان است" in page_of(expert)
    cast(vacant, vacant.five.deputy1, 0)
    cast(vacant, vacant.five.deputy2, 0)
    assert "کرسی سمن‌ها پر است" in page_of(expert)
    assert new not in page_of(expert)
    assert "آغاز معرفی نامزد" in page_of(expert)


def test_without_a_term_no_round_is_offered(db, client_for):
    page = text_of(client_for(make_user(Role.HQ_EXPERT)).get(reverse("committee:nomination_list")))
    assert "هنوز دوره‌ای گشوده نشده است" in page
    assert f'href="{reverse("committee:nomination_new")}"' not in page


def test_the_round_costs_the_same_whoever_looks(opened: World, client_for, django_assert_max_num_queries):
    for user in (opened.five.deputy1, opened.five.hq_expert, opened.five.deputy_manager):
        browser = client_for(user)
        browser.get(detail(opened))
        with django_assert_max_num_queries(45):
            browser.get(detail(opened))
