"""The articles of policy that a motion cites (C5, M2)."""

from django.db import models

from committee.models.motions import Motion
from staff_portal.kernel.base import hardtriggers


class MotionArticle(models.Model):
    """An article of policy that a motion cites; kept like the text once the motion is tabled (C5, M2).

    From the tabling on ``document``, ``code`` and ``text`` hold the article as it read then: it may be worded anew later.
    """

    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="citations")
    article = models.ForeignKey("committee.PolicyArticle", on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=300, blank=True, default="", db_default="")
    code = models.CharField("ماده", max_length=20, blank=True, default="", db_default="")
    text = models.TextField("متن ماده", blank=True, default="", db_default="")

    class Meta:
        verbose_name = "ماده مرتبط با پیشنهاد"
        verbose_name_plural = "مواد مرتبط با پیشنهادها"
        constraints = [models.UniqueConstraint(fields=["motion", "article"], name="c5_article_cited_once")]
        triggers = [hardtriggers.no_truncate("c5_text_frozen")]

    def __str__(self) -> str:
        return f"{self.motion}: {self.article}"
