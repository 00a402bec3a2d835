"""Policy documents and their articles: the Council's resolutions and the five-year plan (M2)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from committee.enums import ARTICLE_TONES, ArticleState, ClauseParty, PolicyKind
from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.persian.digits import to_persian_digits


class PolicyDocument(models.Model):
    """A document the committee carries out: a resolution of the Council, the five-year plan."""

    kind = models.CharField("نوع", max_length=10, choices=PolicyKind.choices)
    title = models.CharField("عنوان", max_length=200)
    number = models.CharField("شماره", max_length=60, blank=True)
    dated_on = models.DateField("تاریخ", null=True, blank=True)
    note = models.TextField("شرح", blank=True)
    recorded_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "سند بالادستی"
        verbose_name_plural = "اسناد بالادستی"
        ordering = ["-dated_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number"], condition=~Q(number=""), name="policy_number_once"
            ),
        ]
        triggers = [*hardtriggers.no_delete("policy_kept")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("committee:policy_detail", args=[self.pk])


class PolicyArticle(models.Model):
    """One article [ماده] with its owner and how far it has been carried out."""

    document = models.ForeignKey(PolicyDocument, on_delete=models.PROTECT, related_name="articles")
    code = models.CharField("ماده", max_length=20)
    position = models.PositiveSmallIntegerField("ترتیب", default=0)
    text = models.TextField("متن")
    party = models.CharField("عهده‌دار", max_length=10, choices=ClauseParty.choices)
    unit = models.ForeignKey(
        "kernel.Unit", verbose_name="واحد", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        "وضعیت", max_length=12, choices=ArticleState.choices, default=ArticleState.NOT_STARTED
    )
    state_since = models.DateTimeField("از")
    state_note = models.CharField("شرح وضعیت", max_length=400, blank=True)

    class Meta:
        verbose_name = "ماده سند"
        verbose_name_plural = "مواد سند"
        ordering = ["document", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["document", "code"], name="policy_article_once")]
        triggers = [*hardtriggers.no_delete("policy_kept")]

    def __str__(self) -> str:
        return f"{self.document}، ماده {to_persian_digits(self.code)}"

    @property
    def state_tone(self) -> str:
        return ARTICLE_TONES.get(self.state, "neutral")
