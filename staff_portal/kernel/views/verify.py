"""The public check of a letter or certificate by the code of its QR (K3): no sign-in, no cookie, no listing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from staff_portal.kernel.base.signing import KeyUnusable
from staff_portal.kernel.frame.middleware import public
from staff_portal.kernel.letters.issuing import current_key, isolated, kind_label
from staff_portal.kernel.letters.letter_check import Finding, Verdict, check_code, code_from
from staff_portal.kernel.pages.requests import today
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

TITLES = {
    Finding.VALID: "معتبر",
    Finding.EXPIRED: "اعتبار آن گذشته است",
    Finding.REVOKED: "باطل شده است",
    Finding.REPLACED: "جایگزین شده است",
    Finding.FORGED: "جعلی یا دست‌کاری‌شده است",
}
TONES = {
    Finding.VALID: "ok",
    Finding.EXPIRED: "wait",
    Finding.REVOKED: "no",
    Finding.REPLACED: "wait",
    Finding.FORGED: "no",
}
ICONS = {"ok": "tick", "wait": "clock", "no": "stop"}
NOT_OURS = "این کد را ستاد سمن‌ها صادر نکرده است یا در آن دست برده شده است؛ به این نامه اعتماد نکنید."
ALTERED = "امضای این کد درست است، ولی متن نگهداری‌شده دیگر با آن نمی‌خواند؛ به این نامه اعتماد نکنید."
CLOSED = "اکنون راستی‌آزمایی انجام‌شدنی نیست؛ چند دقیقه دیگر دوباره بکوشید."


@public
@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """A box for the code, or for the whole address as the QR gave it; leads to the code's own page."""
    code = code_from(request.GET.get("code", "")[:2000])
    if code:
        return _quiet(redirect("verify", code=code[:500]))
    empty = "code" in request.GET
    return _page(
        request, "kernel/papers/verify_start.html", {"page_title": "راستی‌آزمایی نامه", "is_empty": empty}
    )


@public
@never_cache
@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What is to be said of the code; a forged one answers 404, so that nothing can be listed."""
    try:
        verdict = check_code(code, on=today(request), keys=(current_key().public_key,))
    except KeyUnusable:
        return _page(
            request,
            "kernel/papers/verify_closed.html",
            {"page_title": "راستی‌آزمایی نامه", "sentence": CLOSED},
            503,
        )
    tone = TONES[verdict.finding]
    context = {
        "page_title": TITLES[verdict.finding],
        "sentence": _sentence(verdict),
        "tone": tone,
        "icon_name": ICONS[tone],
        "is_forged": verdict.finding is Finding.FORGED,
        "fact_items": _facts(verdict),
        "fingerprint": verdict.claims.fingerprint if verdict.claims and not verdict.is_confidential else "",
    }
    return _page(
        request, "kernel/papers/verify.html", context, 404 if verdict.finding is Finding.FORGED else 200
    )


def _sentence(verdict: Verdict) -> str:
    """The verdict in full: since when, and for what reason or by which letter."""
    letter, ending = verdict.letter, verdict.ending
    if letter is None:
        return ALTERED if verdict.is_altered else NOT_OURS
    if ending is None:
        if letter.valid_until is None:
            return "این نامه را ستاد سمن‌ها صادر کرده است و به قوت خود باقی است."
        until = format_jalali(letter.valid_until, "medium")
        verb = "بود" if verdict.finding is Finding.EXPIRED else "است"
        return f"این نامه را ستاد سمن‌ها صادر کرده است و تا {until} معتبر {verb}."
    when = format_jalali(ending.at, "medium")
    if ending.replacement is not None:
        number = isolated(ending.replacement.number.text)
        dated = format_jalali(ending.replacement.dated_on, "medium")
        return f"در {when} نامه شماره {number} به تاریخ {dated} جای آن را گرفت."
    reason = "" if verdict.is_confidential else to_persian_digits(ending.reason)
    return (
        f"ستاد سمن‌ها در {when} آن را باطل کرد. سبب: {reason}"
        if reason
        else f"ستاد سمن‌ها در {when} آن را باطل کرد."
    )


def _facts(verdict: Verdict) -> list[dict[str, Any]]:
    """Kind, number, date and what the letter makes public; of a confidential one number and date alone."""
    letter = verdict.letter
    if letter is None:
        return []
    items: list[dict[str, Any]] = [
        {"label": "شماره", "value": isolated(letter.number.text)},
        {"label": "تاریخ", "value": format_jalali(letter.dated_on, "medium")},
    ]
    if verdict.is_confidential:
        return items
    items.insert(0, {"label": "نوع", "value": kind_label(letter.kind)})
    if letter.valid_until is not None:
        items.append({"label": "معتبر تا", "value": format_jalali(letter.valid_until, "medium")})
    said = {item["label"] for item in items}
    items += [
        {"label": label, "value": to_persian_digits(text)}
        for label, text in letter.public_facts
        if label not in said
    ]
    return items


@public
@require_safe
def public_key(request: HttpRequest) -> HttpResponse:
    """The published half of the signing key, as PEM."""
    try:
        pem = current_key().public_key_pem()
    except KeyUnusable:
        return _page(
            request, "kernel/papers/verify_closed.html", {"page_title": "کلید عمومی", "sentence": CLOSED}, 503
        )
    response = HttpResponse(pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="public-key.pem"'
    return response


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """How the signature is checked without this site."""
    return _page(request, "kernel/papers/verify_offline.html", {"page_title": "راستی‌آزمایی بدون اینترنت"})


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return _quiet(render(request, template, context, status=status))


def _quiet(response: HttpResponse) -> HttpResponse:
    """The address holds the code: it is told to no other site and found by no search engine."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
