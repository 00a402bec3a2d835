"""The registry: NGOs, their licences, officers, accounts and documents (N1–N3)."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ngos.enums import (
    TONES,
    DocumentKind,
    DocumentState,
    LegalKind,
    LicenceScope,
    Licensor,
    MembershipState,
    OfficerPost,
    SuspensionKind,
    TargetGroup,
)
from ngos.models.querysets import NgoQuerySet, ShortPieces
from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.base.periods import PeriodField

_NUMBER_PERMANENT = f"""
    IF OLD.membership_number IS NOT NULL AND NEW.membership_number IS DISTINCT FROM OLD.membership_number THEN
        {hardtriggers.raise_sql("n3_number_permanent")}
    END IF;
    RETURN NEW;
"""


class Ngo(models.Model):
    """One non-governmental organisation, known by its national id (N1).

    ``state`` moves by the membership workflow only. The folded columns and ``level_rank`` are derived by the
    operations, for searching and listing.
    """

    name = models.CharField("نام سمن", max_length=250)
    name_core = models.CharField(max_length=250, editable=False, default="")
    sort_key = models.CharField(max_length=600, editable=False)
    search_text = models.TextField(editable=False, default="")
    legal_kind = models.CharField("نوع", max_length=14, choices=LegalKind.choices, blank=True)
    national_id = models.CharField("شناسه ملی", max_length=11)
    registration_number = models.CharField("شماره ثبت", max_length=7, blank=True)
    registration_office = models.CharField("محل ثبت", max_length=80, blank=True)
    registered_on = models.DateField("تاریخ ثبت", null=True, blank=True)
    phone = models.CharField("تلفن", max_length=11, blank=True)
    mobile = models.CharField("تلفن همراه", max_length=11, blank=True)
    email = models.EmailField("رایانامه", blank=True)
    website = models.URLField("وب‌گاه", blank=True)
    postal_code = models.CharField("کد پستی", max_length=10, blank=True)
    address = models.CharField("نشانی", max_length=500, blank=True)
    district = models.ForeignKey(
        "kernel.District",
        verbose_name="منطقه",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ngos",
    )
    neighbourhood = models.ForeignKey(
        "kernel.Neighbourhood",
        verbose_name="محله",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ngos",
    )
    neighbourhood_text = models.CharField("محله (به نوشته دفتر)", max_length=120, blank=True)
    primary_field = models.ForeignKey(
        "kernel.ActivityField",
        verbose_name="حوزه اصلی",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="primary_ngos",
    )
    fields = models.ManyToManyField(
        "kernel.ActivityField", verbose_name="حوزه‌ها", blank=True, related_name="ngos"
    )
    target_groups = ArrayField(
        models.CharField(max_length=12, choices=TargetGroup.choices),
        verbose_name="گروه‌های هدف",
        default=list,
        blank=True,
    )
    staff_count = models.PositiveIntegerField("تعداد کارکنان", null=True, blank=True)
    volunteer_count = models.PositiveIntegerField("تعداد داوطلبان", null=True, blank=True)
    sheba = models.CharField("شماره شبا", max_length=26, blank=True)
    about = models.TextField("درباره سمن", blank=True)

    state = models.CharField(
        "وضعیت", max_length=14, choices=MembershipState.choices, default=MembershipState.DRAFT
    )
    state_since = models.DateTimeField("از")
    suspension_kind = models.CharField("نوع تعلیق", max_length=14, choices=SuspensionKind.choices, blank=True)
    missing_items = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    membership_number = models.CharField("شماره عضویت", max_length=40, null=True, blank=True)
    member_since = models.DateField("عضو از", null=True, blank=True)
    claimed_number = models.CharField("شماره عضویت در دفتر", max_length=40, blank=True)
    claimed_since = models.DateField("تاریخ عضویت در دفتر", null=True, blank=True)
    documents_due_on = models.DateField("مهلت تکمیل مدارک", null=True, blank=True)
    registered_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField("زمان ثبت در سامانه")
    reviewer = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level_rank = models.PositiveSmallIntegerField("سطح", null=True, blank=True)
    grade_valid_until = models.DateField("اعتبار سطح تا", null=True, blank=True)
    version = models.PositiveIntegerField("نسخه", default=1)

    objects = NgoQuerySet.as_manager()

    class Meta:
        verbose_name = "سمن"
        verbose_name_plural = "سمن‌ها"
        ordering = ["sort_key", "id"]
        constraints = [
            models.UniqueConstraint(fields=["national_id"], name="n1_national_id_unique"),
            models.CheckConstraint(
                name="n1_national_id_ascii", condition=Q(national_id__regex=r"^[0-9]{11}$")
            ),
            models.UniqueConstraint(fields=["membership_number"], name="n3_membership_number_unique"),
            models.CheckConstraint(
                name="n3_member_has_number",
                condition=~Q(state__in=["member", "suspended"])
                | Q(membership_number__isnull=False, member_since__isnull=False),
            ),
            models.CheckConstraint(
                name="ngo_suspension_kind",
                condition=Q(state="suspended", suspension_kind__gt="")
                | (~Q(state="suspended") & Q(suspension_kind="")),
            ),
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="ngo_search_trgm"),
            GinIndex(ShortPieces("search_text"), name="ngo_search_short"),
            GinIndex(fields=["name_core"], opclasses=["gin_trgm_ops"], name="ngo_name_trgm"),
            models.Index(fields=["state", "sort_key", "id"], name="ngo_state_sort"),
            models.Index(fields=["sort_key", "id"], name="ngo_sort"),
            # the facets' one pass reads this instead of the table
            models.Index(
                fields=["state", "primary_field", "level_rank", "grade_valid_until", "district"],
                include=["volunteer_count", "id"],
                name="ngo_facets",
            ),
            models.Index(
                fields=["state", "state_since", "id"],
                name="ngo_waiting",
                condition=Q(state__in=["draft", "submitted", "under_review", "returned"]),
            ),
            models.Index(fields=["level_rank", "sort_key", "id"], name="ngo_level_up"),
            models.Index(F("level_rank").desc(nulls_last=True), "sort_key", "id", name="ngo_level_down"),
            models.Index(fields=["district", "sort_key", "id"], name="ngo_district_sort"),
            models.Index(fields=["primary_field", "sort_key", "id"], name="ngo_field_sort"),
            models.Index(fields=["phone"], name="ngo_phone", condition=~Q(phone="")),
            models.Index(
                fields=["registration_number", "registration_office"],
                name="ngo_registration",
                condition=~Q(registration_number=""),
            ),
        ]
        triggers = [
            *hardtriggers.no_delete("n3_ngo_permanent"),
            hardtriggers.HardTrigger(
                name="number_permanent",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("membership_number"),
                func=_NUMBER_PERMANENT,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("ngos:ngo_detail", args=[self.pk])

    @property
    def state_tone(self) -> str:
        return TONES.get(self.state, "neutral")


class Licence(models.Model):
    """A licence to be active; an NGO may hold several, from several licensors."""

    ngo = models.ForeignKey(Ngo, on_delete=models.PROTECT, related_name="licences")
    licensor = models.CharField("مرجع صدور", max_length=14, choices=Licensor.choices)
    licensor_place = models.CharField("محل مرجع", max_length=80, blank=True)
    number = models.CharField("شماره پروانه", max_length=60, blank=True)
    subject = models.CharField("موضوع", max_length=200, blank=True)
    scope = models.CharField("گستره", max_length=16, choices=LicenceScope.choices, blank=True)
    valid_from = models.DateField("اعتبار از", null=True, blank=True)
    valid_until = models.DateField("اعتبار تا")
    recorded_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "پروانه"
        verbose_name_plural = "پروانه‌ها"
        ordering = ["-valid_until", "id"]
        constraints = [
            models.CheckConstraint(
                name="licence_dates_in_order",
                condition=Q(valid_from__isnull=True) | Q(valid_from__lte=F("valid_until")),
            ),
            models.UniqueConstraint(
                fields=["ngo", "licensor", "licensor_place", "number", "valid_until"], name="licence_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_licensor_display()} {self.licensor_place}".strip()


class Officer(models.Model):
    """A person of the NGO's board, its CEO or its inspector, for a term."""

    ngo = models.ForeignKey(Ngo, on_delete=models.PROTECT, related_name="officers")
    post = models.CharField("سمت", max_length=10, choices=OfficerPost.choices)
    full_name = models.CharField("نام و نام خانوادگی", max_length=160)
    name_folded = models.CharField(max_length=160, editable=False)
    national_code = models.CharField("کد ملی", max_length=10, blank=True)
    mobile = models.CharField("تلفن همراه", max_length=11, blank=True)
    term = PeriodField("دوره")
    recorded_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "مسئول سمن"
        verbose_name_plural = "مسئولان سمن"
        ordering = ["id"]
        indexes = [models.Index(fields=["ngo", "post"], name="officer_ngo_post")]

    def __str__(self) -> str:
        return f"{self.full_name}، {self.get_post_display()}"


class NgoAccount(models.Model):
    """The representative of an NGO: a user who acts for it, by letter, for a time."""

    ngo = models.ForeignKey(Ngo, on_delete=models.PROTECT, related_name="accounts")
    user = models.ForeignKey("kernel.User", on_delete=models.PROTECT, related_name="ngo_accounts")
    period = PeriodField("دوره")
    letter_reference = models.CharField("شماره معرفی‌نامه", max_length=60)
    created_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "نماینده سمن"
        verbose_name_plural = "نمایندگان سمن"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.user)


class NgoDocument(models.Model):
    """A document of an NGO: uploaded, then accepted or returned with a reason by somebody else."""

    ngo = models.ForeignKey(Ngo, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField("نوع مدرک", max_length=24, choices=DocumentKind.choices)
    attachment = models.ForeignKey("kernel.Attachment", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        "وضعیت", max_length=10, choices=DocumentState.choices, default=DocumentState.PENDING
    )
    valid_until = models.DateField("اعتبار تا", null=True, blank=True)
    uploaded_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "kernel.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField("سبب بازگشت", max_length=400, blank=True)

    class Meta:
        verbose_name = "مدرک"
        verbose_name_plural = "مدارک"
        ordering = ["kind", "-id"]
        constraints = [
            models.CheckConstraint(
                name="document_decided_by_other",
                condition=Q(decided_by__isnull=True)
                | Q(uploaded_by__isnull=True)
                | ~Q(decided_by=F("uploaded_by")),
            ),
        ]
        indexes = [
            models.Index(fields=["ngo", "kind", "-id"], name="document_ngo_kind"),
            models.Index(fields=["id"], name="document_pending", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def state_tone(self) -> str:
        return TONES.get(self.state, "wait")
