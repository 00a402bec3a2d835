"""The articles of policy that a motion cites (C5, M2)."""

import pgtrigger
from django.db import models

from committee.models.motions import Motion
from staff_portal.kernel import hardtriggers

_CITED_RULES = f"""
    PERFORM 1 FROM committee_motion WHERE id = COALESCE(NEW.motion_id, OLD.motion_id) AND state <> 'draft' FOR SHARE;
    IF FOUND OR NEW.motion_id <> OLD.motion_id THEN {hardtriggers.raise_sql("c5_text_frozen")} END IF;
    RETURN COALESCE(NEW, OLD);
"""


class MotionArticle(models.Model):
    """An article of policy that a motion cites; kept like the text once the motion is tabled (C5, M2)."""

    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey("committee.PolicyArticle", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "ماده مرتبط با پیشنهاد"
        verbose_name_plural = "مواد مرتبط با پیشنهادها"
        constraints = [models.UniqueConstraint(fields=["motion", "article"], name="c5_article_cited_once")]
        triggers = [
            hardtriggers.no_truncate("c5_text_frozen"),
            hardtriggers.HardTrigger(
                name="rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_CITED_RULES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion}: {self.article}"
