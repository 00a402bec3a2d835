"""What the people of the joint committee do, one function a piece of work, as they would click.

Like :mod:`tests.journeys.office`: everything is found by what a person reads, and a function begins on the page where
the one before left the person, or at the work inbox. What must be there before the first click (memorandum, term,
appointments, member NGOs) stands in the first part and goes through the operations.
"""

import re
import subprocess
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from shutil import which
from typing import Any

from django.utils import timezone
from playwright.sync_api import Locator, Page, Request, expect

from committee.enums import SeatCode
from committee.models import Seat, Term
from committee.operations import seats
from ngos.enums import DocumentKind
from ngos.models import Ngo
from ngos.operations.accounts import link_account
from ngos.workflow import DOCUMENT
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import local_date
from staff_portal.kernel.persian.jalali import format_jalali
from tests.factories import ngos as made
from tests.factories.committee import open_term, seat_the_ngo
from tests.journeys.office import confirm_step, fill_form, message, section, step

PHONE = {"width": 390, "height": 844}
CHAIR = "hq.member1"
MEMBERS = ("hq.member1", "hq.member2", "deputy.member1", "deputy.member2", "ngo.member")
APPOINTED = dict(
    zip((SeatCode.HQ1, SeatCode.HQ2, SeatCode.DEPUTY1, SeatCode.DEPUTY2), MEMBERS[:4], strict=True)
)

People = dict[str, User]
Desks = Callable[..., Page]


# --- what is there before the first click ---------------------------------------------------------------------


def opened_term(people: People) -> Term:
    """A memorandum, a term that both heads opened, and four appointed members, since yesterday."""
    at = timezone.now() - timedelta(days=2)
    term: Term = open_term(people["hq.manager"], people["deputy.manager"], at=at)
    for code, username in APPOINTED.items():
        head = "hq.manager" if code.startswith("hq") else "deputy.manager"
        seats.appoint(
            term.seats.get(code=code),
            actor=people[head],
            at=at,
            person=people[username],
            starts_on=local_date(at) + timedelta(days=1),
            reference="۱۴۰۵/۴۴",
        )
    return term


def full_committee(people: People) -> Term:
    """The same with the NGO's representative in the fifth seat."""
    term = opened_term(people)
    at = timezone.now() - timedelta(days=1)
    ngo = made.draft(people["hq.expert"], at=at, name="انجمن همیاران محله")
    seat: Seat = term.seats.get(code=SeatCode.NGO)
    seat_the_ngo(seat, ngo, people["ngo.member"], head=people["hq.manager"], at=at)
    return term


def member_ngo(people: People, name: str, representative: str = "", *, is_active: bool = True) -> Ngo:
    """A member of a social-cultural field, active by its accepted report, with a representative."""
    at = timezone.now() - timedelta(hours=2)
    expert, reviewer = people["hq.expert"], people["hq.expert2"]
    ngo = made.member(expert, reviewer, people["hq.manager"], at=at, name=name, field="culture")
    if is_active:
        report = made.upload(ngo, DocumentKind.ACTIVITY_REPORT, expert, at=at)
        DOCUMENT.apply(report, "accept", actor=reviewer, at=at)
    if representative:
        link_account(
            ngo,
            actor=expert,
            at=at,
            user=people[representative],
            letter_reference="۱۴۰۵/۱۸",
            starts_on=local_date(at) - timedelta(days=1),
        )
    return ngo


def desks_of(new_page: Desks, people: People, watch: Any) -> Desks:
    """``desks(username, **options)``: a person's own browser, already signed in (signing in is the first journey's).

    What the site asks of other hosts is noted but not held up: a context with routes keeps no cache, and here six
    people open hundreds of pages.
    """
    pages: dict[str, Page] = {}
    own = (watch.origin, "data:", "blob:")

    def note(request: Request) -> None:
        if not request.url.startswith(own):
            watch.note(f"request to another host: {request.url}")

    def at(username: str, **options: Any) -> Page:
        if username not in pages:
            page = pages[username] = new_page(people[username], **options)
            page.context.unroute("**/*")
            page.context.on("request", note)
            page.goto("/")
        return pages[username]

    return at


# --- found on every page -----------------------------------------------------------------------------------------


def task(page: Page, title: str) -> None:
    """Open what waits in the work inbox, by the beginning of its title."""
    page.goto("/")
    page.locator(".tasks").get_by_role("link", name=title).first.click()


def no_task(page: Page, title: str) -> None:
    """Nothing of that title waits in the work inbox."""
    page.goto("/")
    expect(page.locator("main")).to_be_visible()
    expect(page.locator(".tasks").get_by_role("link", name=title)).to_have_count(0)


def why_not(page: Page, label: str, sentence: str) -> None:
    """The greyed step of the page's head says why it is not possible now."""
    greyed = page.locator("details.greyed", has_text=label)
    greyed.locator("summary").click()
    expect(greyed.locator(".greyed-why")).to_contain_text(sentence)
    greyed.locator("summary").click()


def state_is(page: Page, words: str) -> None:
    expect(page.locator(".head-meta .badge").first).to_have_text(words)


def seat_of(page: Page, name: str) -> Locator:
    """A seat of the half circle by the name of who sits there."""
    return page.locator(".seat-arc .seat", has_text=name)


def sits_from_tomorrow(page: Page, seat: Seat, name: str) -> None:
    """The seat is vacant today; the term's page says who takes it tomorrow (C1)."""
    page.goto("/committee/")
    expect(seat_of(page, name)).to_have_count(0)
    page.goto(f"/committee/terms/{seat.term_id}/")
    tomorrow = format_jalali(local_date(timezone.now()) + timedelta(days=1), "medium")
    row = page.locator("main tbody").first.locator("tr", has_text=name)
    expect(row).to_contain_text(f"از {tomorrow}")
    expect(row).to_contain_text("خالی")


def letter_of(page: Page, subject: str) -> tuple[bytes, str]:
    """Open a letter beside the record: its PDF, and the address at which anybody may check it."""
    page.locator(".letter-card").get_by_role("link", name=subject).click()
    response = page.request.get(page.get_by_role("link", name="دریافت PDF").get_attribute("href"))
    assert response.headers["content-type"] == "application/pdf"
    assert response.body().startswith(b"%PDF")
    return response.body(), page.get_by_role("link", name="صفحه عمومی راستی‌آزمایی").get_attribute("href")


def assert_on_paper(content: bytes, words: str) -> None:
    """What ``pdftotext`` reads in the file, spaces and marks of direction aside; nothing where it is not installed."""
    program = which("pdftotext")
    if program is not None:
        command = [program, "-", "-"]
        read = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
        assert "".join(words.split()) in re.sub(r"[\s\u200c-\u200f\u202a-\u202e]", "", read)


# --- nomination ----------------------------------------------------------------------------------------------------


def prepare_round(page: Page) -> None:
    task(page, "آغاز معرفی نامزد")
    page.get_by_role("button", name="آغاز دور").click()
    message(page, "دور معرفی آغاز شد")


def put_forward(page: Page, words: str, name: str, why: str) -> None:
    """Search a member as one types it, and nominate it with the reason."""
    step(page).get_by_role("link", name="افزودن نامزد").click()
    page.get_by_role("searchbox", name="جست‌وجوی سمن").fill(words)
    page.get_by_role("searchbox", name="جست‌وجوی سمن").press("Enter")
    page.locator("#ngo-results").get_by_role("link", name=name).click()
    fill_form(page, "نامزدکردن", why=why)
    message(page, f"«{name}» نامزد شد")


def consent(page: Page) -> None:
    """The NGO's own user consents; who is signed in is the representative unless another is chosen."""
    task(page, "پذیرش نامزدی")
    step(page).get_by_role("link", name="پذیرش نامزدی").click()
    page.locator("form.confirm").get_by_role("button", name="پذیرش نامزدی").click()
    message(page, "پذیرش نامزدی ثبت شد")


def consent_by_letter(page: Page, ngo: str, person: str, reference: str) -> None:
    """HQ's expert records what came on paper; begins and ends on the round's page."""
    back = page.url
    page.locator(".nominees").get_by_role("link", name=ngo).click()
    step(page).get_by_role("link", name="پذیرش نامزدی").click()
    fill_form(page, "پذیرش نامزدی", representative=person, reference=reference)
    message(page, "پذیرش نامزدی ثبت شد")
    expect(page.locator("main")).to_contain_text(reference)
    page.goto(back)


def vote_for(page: Page, name: str) -> None:
    """A member chooses one of the three cards."""
    task(page, "رأی به یکی از سه نامزد")
    page.get_by_role("radio", name=name).check()
    page.get_by_role("button", name="ثبت رأی").click()
    message(page, "رأی شما ثبت شد")


# --- motions and votes ----------------------------------------------------------------------------------------------


def write_motion(page: Page, *, kind: str, title: str, text: str) -> str:
    """Write a motion and lay it on the table; the address of its page."""
    section(page, "پیشنهادها و رأی‌گیری")
    page.get_by_role("link", name="پیشنهاد تازه").first.click()
    fill_form(page, "ذخیره", kind=kind, title=title, text=text)
    message(page, "نوشته شد")
    confirm_step(page, "در دستور نهادن")
    state_is(page, "مطرح‌شده")
    expect(page.locator("#text")).to_contain_text("اثر انگشت متن")
    return page.url


def vote(page: Page, title: str, choice: str, reason: str = "") -> str:
    """From the inbox: the button of the choice, the reason, the receipt's code."""
    task(page, f"رأی شما به «{title}»")
    page.locator(".ballot-box").get_by_role("link", name=choice, exact=True).click()
    expect(page.get_by_role("radio", name=choice, exact=True)).to_be_checked()
    page.get_by_label("دلیل").fill(reason)
    page.get_by_role("button", name="ثبت رأی").click()
    return page.locator(".receipt-code").inner_text()


def find_own_ballot(page: Page, address: str, code: str, *words: str) -> None:
    """The receipt's code leads back to the own ballot, recomputed."""
    page.goto(address)
    page.get_by_role("link", name="یافتن رأی با کد رهگیری").click()
    page.get_by_label("کد رهگیری رأی").fill(code)
    page.get_by_role("button", name="یافتن رأی").click()
    for said in (*words, "زنجیره رأی‌ها دوباره حساب شد"):
        expect(page.locator("main")).to_contain_text(said)


def nothing_told(pages: Iterable[Page], address: str, *secrets: str) -> None:
    """Open as these people, the page of the vote does not tell how anybody has voted."""
    for page in pages:
        page.goto(address)
        expect(page.locator(".vote-live")).to_be_visible()
        expect(page.locator(".seat-for, .seat-against, .seat-abstain, .ballots, .result-bars")).to_have_count(
            0
        )
        for secret in secrets:
            expect(page.locator("body")).not_to_contain_text(secret)


# --- meetings --------------------------------------------------------------------------------------------------------


def plan_meeting(page: Page, starts_at: datetime, *, place: str, title: str) -> str:
    """Time, place and subject; the address of the meeting, the agenda's page stays open."""
    local = timezone.localtime(starts_at)
    section(page, "جلسه‌ها")
    page.get_by_role("link", name="برنامه‌ریزی جلسه").first.click()
    fill_form(
        page,
        "برنامه‌ریزی جلسه",
        day=format_jalali(local),
        starts=f"{local:%H:%M}",
        ends="23:59",
        place=place,
        title=title,
    )
    message(page, "برنامه‌ریزی شد")
    return page.url.removesuffix("agenda/")


def put_on_agenda(page: Page, motion: str) -> None:
    """On the agenda's page: a tabled motion from the list."""
    form = page.locator("#new-item")
    form.get_by_role("radio", name="پیشنهاد").check()
    form.get_by_label("پیشنهاد", exact=False).locator("visible=true").last.select_option(label=motion)
    form.get_by_role("button", name="افزودن به دستور").click()
    message(page, "به دستور جلسه افزوده شد")


def arrive(page: Page) -> None:
    """From the own phone, by the inbox."""
    task(page, "ثبت حضور در جلسه")
    page.get_by_role("button", name="حضور خود را ثبت می‌کنم").click()
    message(page, "ثبت شد")


def waive(page: Page) -> None:
    """The own waiver, on the page of the meeting."""
    page.get_by_role("button", name="از مهلت دعوت می‌گذرم").click()
    message(page, "گذشت شما از مهلت دعوت ثبت شد")


# --- minutes ---------------------------------------------------------------------------------------------------------


def want_no_amendment(page: Page) -> None:
    task(page, "بررسی صورتجلسه")
    step(page).get_by_role("button", name="اصلاحی ندارم").click()
    message(page, "اصلاحی ندارید")


def sign_minutes(page: Page, dissent: str = "") -> None:
    """The own signature, with a dissent or without."""
    task(page, "امضای صورتجلسه")
    if dissent:
        page.get_by_role("radio", name="نظر مخالف خود را می‌نویسم").check()
        page.get_by_role("textbox", name="نظر مخالف").fill(dissent)
    else:
        page.get_by_role("radio", name="صورتجلسه را امضا می‌کنم").check()
    page.locator("form.confirm").get_by_role("button", name="امضا", exact=True).click()
    message(page, "صورتجلسه را امضا کردید")


def confirm_task(page: Page, title: str, button: str, said: str) -> None:
    """Something whose inbox line leads to the page that asks."""
    task(page, title)
    page.locator("form.confirm").get_by_role("button", name=button).click()
    message(page, said)


def rows_of(page: Page) -> Locator:
    """The rows of a list's table."""
    return page.locator("main table tbody tr")
