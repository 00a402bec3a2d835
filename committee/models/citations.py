"""The articles of policy that a motion cites (C5, M2)."""

from django.db import models

from committee.models.motions import Motion
from staff_portal.kernel.base import hardtriggers


class MotionArticle(models.Model):
    """An article of policy that a motion cites; kept like the text once the motion is tabled (C5, M2)."""

    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("committee.PolicyArticle", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "ماده مرتبط با پیشنهاد"
        verbose_name_plural = "مواد مرتبط با پیشنهادها"
        constraints = [models.UniqueConstraint(fields=["motion", "article"], name="c5_article_cited_once")]
        triggers = [hardtriggers.no_truncate("c5_text_frozen")]

    def __str__(self) -> str:
        return f"{self.motion}: {self.article}"
