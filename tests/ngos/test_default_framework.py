"""The default framework is sound, complete and written in clean Persian (N6; the design's page of facts)."""

import re
from decimal import Decimal

import pytest

from ngos.default_framework import DEFAULT_FRAMEWORK, SCALE_LABELS
from ngos.grading import IndicatorSpec, check_framework, gap_to_next_level, grade

FACTS = {
    ("حکمرانی و وضعیت حقوقی", 15): (
        "⛔پروانه معتبر، ⛔ثبت و شناسه ملی، آگهی تغییرات به‌روز، اساسنامه و مأموریت، جلسات هیئت‌مدیره و مجمع،"
        " بازرس فعال، تعارض منافع، جانشین‌پروری"
    ),
    ("برنامه‌ریزی و راهبرد", 10): "برنامه چندساله، برنامه سالانه، نیازسنجی و ذی‌نفعان، مدیریت ریسک",
    ("منابع انسانی و داوطلبان", 15): (
        "ساختار و شرح وظایف، صلاحیت مدیران، جذب و نگهداشت داوطلب، ثبت ساعت داوطلبی، آموزش،"
        " ایمنی و منشور رفتاری"
    ),
    ("مالی و کنترل داخلی", 20): (
        "⛔حساب به نام سازمان، صورت مالی سالانه، حسابرسی، بودجه مصوب، دو امضایی، تنوع منابع،"
        " شفافیت کمک‌های مردمی، مالیات و بیمه"
    ),
    ("اداری و فناوری", 10): "دفتر، بایگانی، خرید و اموال، ابزار دیجیتال، حفاظت داده",
    ("برنامه‌ها و اثربخشی", 15): (
        "طراحی با شاخص، پوشش بهره‌مندان، پایش و گزارش، ارزشیابی، کیفیت تخصصی، استمرار"
    ),
    ("ارتباطات و پاسخگویی", 10): "گزارش عمومی، رسیدگی به شکایت، عضویت در شبکه، همکاری با دستگاه‌ها، رسانه",
    ("همکاری با مدیریت شهری", 5): "مجمع مشورتی، سابقه طرح مشترک، حضور محله‌ای",
}
INDICATORS = [indicator for _, indicator in DEFAULT_FRAMEWORK.indicators()]
ALL_TEXTS = [
    *SCALE_LABELS,
    *(level.label for level in DEFAULT_FRAMEWORK.levels),
    *(dimension.title for dimension in DEFAULT_FRAMEWORK.dimensions),
    *(text for item in INDICATORS for text in (item.title, item.evidence, *item.anchors)),
]
PERSIAN_ONLY = re.compile(r"^[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءأئؤ\u064f\u200c ،؛.]+$")
SPACED_AFFIX = re.compile(r"(^| )(ن?می|ها|های|هایی|هاست|تر|ترین|ام|اند)( |[.،؛]|$)")


def test_the_framework_may_be_published():
    assert check_framework(DEFAULT_FRAMEWORK) == []


def test_dimensions_weights_indicators_and_gates_are_those_of_the_facts():
    found = {
        (dimension.title, int(dimension.weight)): "، ".join(
            ("⛔" if indicator.is_gate else "") + indicator.title for indicator in dimension.indicators
        )
        for dimension in DEFAULT_FRAMEWORK.dimensions
    }
    assert found == FACTS
    assert list(found) == list(FACTS)
    assert sum(dimension.weight for dimension in DEFAULT_FRAMEWORK.dimensions) == 100


def test_levels_and_the_floor_of_finance():
    levels = [
        (level.rank, level.label, level.lower_bound, dict(level.floors)) for level in DEFAULT_FRAMEWORK.levels
    ]
    assert levels == [
        (1, "ممتاز", Decimal(85), {"finance": Decimal(40)}),
        (2, "توسعه‌یافته", Decimal(70), {"finance": Decimal(40)}),
        (3, "در حال توسعه", Decimal(50), {}),
        (4, "نوپا", Decimal(0), {}),
    ]
    assert DEFAULT_FRAMEWORK.threshold == 1
    assert DEFAULT_FRAMEWORK.gate_minimum == 3


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda item: item.code)
def test_every_indicator_has_five_own_anchors_and_evidence(indicator: IndicatorSpec):
    assert len(set(indicator.anchors)) == 5
    assert not set(indicator.anchors) & set(SCALE_LABELS)
    for anchor in indicator.anchors:
        assert anchor.endswith(".") and anchor.count(".") == 1, "one sentence"
        assert 4 <= len(anchor.split()) <= 20, "short, but more than a word"
    assert len(indicator.evidence.split()) >= 3
    assert not indicator.evidence.endswith(".")


def test_no_anchor_and_no_evidence_is_used_twice():
    anchors = [anchor for item in INDICATORS for anchor in item.anchors]
    evidence = [item.evidence for item in INDICATORS]
    assert len(set(anchors)) == len(anchors)
    assert len(set(evidence)) == len(evidence)


@pytest.mark.parametrize("text", ALL_TEXTS)
def test_texts_are_clean_persian(text: str):
    assert PERSIAN_ONLY.match(text), "Persian letters and signs only, no digits, no Arabic ي or ك"
    assert "  " not in text and text == text.strip()
    assert not re.search("\u200c($|[ ،؛.\u200c])|(^|[ ،؛.])\u200c", text), "half-space at the edge of a word"
    assert not SPACED_AFFIX.search(text), "می and ها join with a half-space"
    assert not re.search(r" [،؛.]|[،؛](?! )", text), "blank after a sign, none before"


def test_all_threes_pass_every_gate_and_reach_level_two():
    result = grade(DEFAULT_FRAMEWORK, {item.code: Decimal(3) for item in INDICATORS})
    assert (result.total_rounded, result.level.rank, result.fit_for_introduction) == (
        Decimal("75.00"),
        2,
        True,
    )


def test_weak_finance_holds_a_strong_organisation_at_level_three():
    finance = {item.code for item in DEFAULT_FRAMEWORK.dimensions[3].indicators}
    values = {item.code: Decimal(1 if item.code in finance else 4) for item in INDICATORS}
    result = grade(DEFAULT_FRAMEWORK, values)
    assert (result.total_rounded, result.level_by_total.rank, result.level.rank) == (Decimal("85.00"), 1, 3)
    assert [gate.indicator_code for gate in result.failed_gates] == ["organisation_account"]
    assert {step.dimension_code for step in gap_to_next_level(DEFAULT_FRAMEWORK, values)} == {"finance"}
