"""Rows as they are written: what is wrong is said when they are loaded, answers are checked in one place."""

from datetime import date, time
from typing import Any

import pytest

from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import RoleAssignment, Unit, User
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.people.access import Permission
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.trail.words import column_words, fill, stored_word, word
from staff_portal.kernel.workflow.audience import Address
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Row, Transition
from staff_portal.kernel.workflow.table import Table
from tests.factories.people import TODAY, make_user

BY = Permission("test.row", "آزمون", (Role.HQ_EXPERT,))
SAID: dict[str, Any] = {"by": BY, "label": "آزمون", "says": "آزمود"}


@pytest.mark.parametrize(
    ("make", "word_of_it"),
    [
        (lambda: Transition("go", sources=("a",), **SAID), "targets"),
        (lambda: Transition("go", targets=("b",), **SAID), "sources"),
        (lambda: Transition("go", sources=("a",), targets=("b", "c"), **SAID), "outcome that chooses"),
        (lambda: Act("stay", sources=("a",), targets=("b",), **SAID), "leaves the state"),
        (lambda: Creation("make", targets=("a",), **SAID), "outcome"),
        (lambda: Act("stay", sources=("a",), by=BY, label="آزمون", says=" "), "sentence"),
        (lambda: Act("stay", sources=("a",), sweep=lambda at: [], **SAID), "permission that the system has"),
        (lambda: Act("stay", sources=("a",), quiet=True, **SAID), "is quiet"),
        (lambda: Act("stay", asks=(Ask.text("note", "شرح"),), **SAID), "names of their own"),
    ],
    ids=[
        "no-targets",
        "no-sources",
        "no-choice",
        "act-moves",
        "no-outcome",
        "no-words",
        "sweep",
        "quiet",
        "names",
    ],
)
def test_a_row_that_cannot_hold_is_refused_when_it_is_written(make: Any, word_of_it: str) -> None:
    with pytest.raises(ValueError, match=word_of_it):
        make()


@pytest.mark.parametrize(
    "row",
    [
        Act("stay", sources=("nowhere",), **SAID),
        Transition("go", sources=("awaiting",), targets=("nowhere",), **SAID),
        Act("stay", sources=("awaiting",), stores=("no_column",), **SAID),
    ],
    ids=["source", "target", "column"],
)
def test_a_table_refuses_rows_that_name_what_the_model_has_not(row: Row) -> None:
    from committee.models import Resolution

    with pytest.raises(ValueError, match="names what the model has not"):
        Table(
            Resolution,
            code="test",
            title="آزمون",
            rows=[row],
            visible=lambda user, on: Resolution.objects.none(),
            address=lambda obj: "/",
        )


def test_a_scope_is_kind_and_id_or_neither() -> None:
    with pytest.raises(ValueError, match="kind and an id"):
        Address("role", Role.REGION_OFFICER, scope_id=6)


# --- answers ------------------------------------------------------------------------------------------------


def _choices(obj: Any, on: date) -> list[tuple[str, str]]:
    return [("a", "الف"), ("b", "ب")]


def _people(obj: Any, on: date) -> Any:
    return User.objects.filter(is_active=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ask", "value", "says"),
    [
        (Ask.text("x", "عنوان"), "  ", "«عنوان» را وارد کنید"),
        (Ask.text("x", "عنوان", length=3), "بلندتر", "حداکثر 3"),
        (Ask.date("x", "مهلت"), "1405/9/3", "درست وارد نشده"),
        (Ask.integer("x", "شمار", least=1, most=5), 0, "دست‌کم 1"),
        (Ask.integer("x", "شمار", least=1, most=5), 6, "حداکثر 5"),
        (Ask.rial("x", "مبلغ"), -1, "دست‌کم 0"),
        (Ask.choice("x", "گزینه", _choices), "c", "از فهرست برگزینید"),
        (Ask.several("x", "گزینه", _choices), ["a", "c"], "از فهرست برگزینید"),
        (Ask.yes_no("x", "می‌پذیرم", required=True), False, "را وارد کنید"),
        (Ask.person("x", "عهده‌دار", _people), Unit(pk=1), "درست وارد نشده"),
    ],
)
def test_a_wrong_answer_has_its_sentence(ask: Ask, value: Any, says: str) -> None:
    assert says in ask.refusal(value, None, TODAY)


@pytest.mark.django_db
def test_right_answers_pass_and_text_is_cleaned() -> None:
    gone = make_user(is_active=False)
    person = Ask.person("x", "عهده‌دار", _people, wrong="این شخص در سامانه نیست.")
    assert person.refusal(gone, None, TODAY) == "این شخص در سامانه نیست."
    assert person.refusal(make_user(), None, TODAY) == ""
    assert Ask.several("x", "گزینه", _choices).refusal(["a"], None, TODAY) == ""
    assert Ask.date("x", "مهلت", required=False).refusal(None, None, TODAY) == ""
    assert Ask.text("x", "عنوان").clean("  كتاب\u200c  يك ") == "کتاب یک"


def test_a_question_may_concern_some_roles_only() -> None:
    """The form has it for them alone; what somebody else sends is not heard."""
    row = Act(
        "stay", asks=(Ask.text("letter", "شماره نامه", of=(Role.HQ_EXPERT,)), Ask.text("x", "شرح")), **SAID
    )
    assert list(StepForm(row, None, TODAY, role=Role.HQ_EXPERT).fields) == ["letter", "x"]
    assert list(StepForm(row, None, TODAY, role=Role.NGO_USER).fields) == ["x"]
    assert list(StepForm(row, None, TODAY).fields) == ["letter", "x"]


@pytest.mark.django_db
def test_a_text_for_each_of_several_records() -> None:
    """One field for each, numbered; what was not sent is left out, another record's is refused."""
    first, second = make_user(), make_user()
    ask = Ask.texts(
        "said",
        "گفته‌ها",
        lambda obj, on: User.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk"),
        length=10,
        initial=lambda obj, on: {first.pk: "پیشین"},
    )
    row = Act("stay", asks=(ask,), **SAID)
    fields = StepForm(row, None, TODAY).fields
    assert [field.label for field in fields.values()] == [
        to_persian_text(f"{place}. {who}") for place, who in ((1, first), (2, second))
    ]
    assert [field.initial for field in fields.values()] == ["پیشین", ""]
    form = StepForm(row, None, TODAY, {f"said-{second.pk}": "تازه"})
    assert form.is_valid()
    assert form.asked == {"said": {second.pk: "تازه"}}
    assert ask.refusal({second.pk: "تازه"}, None, TODAY) == ""
    assert "حداکثر 10" in ask.refusal({first.pk: "بسیار بلندتر از این"}, None, TODAY)
    assert "از فهرست برگزینید" in ask.refusal({second.pk + 1000: "تازه"}, None, TODAY)
    assert ask.clean({first.pk: "  يك "}) == {first.pk: "یک"}


# --- words --------------------------------------------------------------------------------------------------


def test_who_is_not_offered_may_be_left_to_the_blockers() -> None:
    ask = Ask.choice("unit", "واحد", _choices)
    assert ask.refusal("nowhere", None, TODAY)
    assert not Ask.choice("unit", "واحد", _choices, by_blockers=True).refusal("nowhere", None, TODAY)


def test_a_stored_period_is_told_by_its_first_and_last_day() -> None:
    row = RoleAssignment(period=period(date(2026, 7, 23), date(2026, 7, 25)))
    words = column_words(row, ["period"])
    assert (words["period_first"], words["period_last"]) == ("1 مرداد 1405", "3 مرداد 1405")
    row.period = period(date(2026, 7, 23))
    assert column_words(row, ["period"])["period_last"] == ""


def test_words_are_filled_in_as_people_read_them() -> None:
    assert word(date(2026, 11, 24)) == "3 آذر 1405"
    assert stored_word("2026-11-24") == "3 آذر 1405"
    assert stored_word("2026-99-99") == "2026-99-99"
    assert word(time(9, 5)) == stored_word(str(time(9, 5))) == "09:05"
    assert stored_word("99:99:99") == "99:99:99"
    assert stored_word("از: ۱۲۳۴") == "از: ۱۲۳۴"
    assert fill("تا {due} تمدید کرد: {note}", {"due": "3 آذر 1405", "note": ""}) == "تا 3 آذر 1405 تمدید کرد"
    assert word(["اساسنامه", "پروانه"]) == "اساسنامه، پروانه"
    assert word([1, 2]) == word({"a": 1}) == ""
    assert fill("بازگشت: {note}. دیگر …", {"note": "مهر ندارد."}) == "بازگشت: مهر ندارد. دیگر …"


@pytest.mark.django_db
def test_several_records_are_among_those_offered() -> None:
    first, second = make_user(Role.HQ_EXPERT), make_user(Role.HQ_EXPERT)
    gone = make_user(Role.HQ_EXPERT)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    people = Ask.records_of("x", "همکاران", _people)
    assert people.refusal([first, second], None, TODAY) == people.refusal([], None, TODAY) == ""
    assert "از فهرست" in people.refusal([first, gone], None, TODAY)
    assert "درست وارد نشده" in people.refusal(first, None, TODAY)
    form = StepForm(Act("stay", asks=(people,), **SAID), None, TODAY, {"x": [first.pk, gone.pk]})
    assert "از فهرست" in str(form.errors)


def test_a_record_elsewhere_is_told_the_rows_own_sentence() -> None:
    from committee.models import Resolution
    from committee.workflow.resolutions import RESOLUTION
    from staff_portal.kernel.workflow.rows import Step

    row = Act("stay", sources=("announced",), elsewhere="این کار پس از ابلاغ است.", **SAID)
    step: Any = Step(None, None, None)  # type: ignore[arg-type]
    assert RESOLUTION.reasons(Resolution(state="awaiting"), row, step) == ["این کار پس از ابلاغ است."]
