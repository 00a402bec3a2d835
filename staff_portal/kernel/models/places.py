"""Districts, neighbourhoods, units of the deputy and fields of activity."""

from django.db import models
from django.db.models import Q

from staff_portal.kernel.base import hardtriggers
from staff_portal.kernel.base.periods import PeriodField
from staff_portal.kernel.persian.digits import to_persian_digits


class District(models.Model):
    """One of the 22 districts of Tehran; the primary key is the district's number."""

    number = models.PositiveSmallIntegerField("شماره", primary_key=True)
    neighbours = models.ManyToManyField("self", verbose_name="همسایه‌ها", blank=True)

    class Meta:
        verbose_name = "منطقه"
        verbose_name_plural = "مناطق"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="district_number_1_22", condition=Q(number__gte=1, number__lte=22))
        ]
        triggers = [*hardtriggers.no_delete("district_permanent")]

    def __str__(self) -> str:
        return f"منطقه {to_persian_digits(str(self.number))}"


class Neighbourhood(models.Model):
    """A neighbourhood as people name it, known by district and name."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="neighbourhoods")
    name = models.CharField("نام", max_length=120)
    name_folded = models.CharField(max_length=120, editable=False)
    area = models.CharField("ناحیه", max_length=20, blank=True)
    official_code = models.CharField("کد رسمی", max_length=20, blank=True)
    is_active = models.BooleanField("فعال", default=True)

    class Meta:
        verbose_name = "محله"
        verbose_name_plural = "محله‌ها"
        ordering = ["district", "name_folded"]
        constraints = [
            models.UniqueConstraint(fields=["district", "name_folded"], name="neighbourhood_unique_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ActivityField(models.Model):
    """A field of activity (حوزه فعالیت); ``is_social_cultural`` marks those of the memorandum."""

    code = models.SlugField("کد", max_length=40, unique=True)
    title = models.CharField("عنوان", max_length=120)
    is_social_cultural = models.BooleanField("اجتماعی و فرهنگی", default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "حوزه فعالیت"
        verbose_name_plural = "حوزه‌های فعالیت"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class UnitKind(models.TextChoices):
    DIRECTORATE = "directorate", "اداره کل"
    OFFICE = "office", "دفتر"
    ORGANISATION = "organisation", "سازمان"
    COMPANY = "company", "شرکت"
    CENTRE = "centre", "ستاد یا مرکز"
    REGION = "region", "معاونت اجتماعی و فرهنگی منطقه"


class Unit(models.Model):
    """A unit of the deputy; ``region`` units belong to one district municipality. Dated: units come and go."""

    title = models.CharField("عنوان", max_length=160)
    kind = models.CharField("نوع", max_length=14, choices=UnitKind.choices)
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="units"
    )
    fields = models.ManyToManyField(ActivityField, blank=True, related_name="units", verbose_name="حوزه‌ها")
    period = PeriodField("دوره فعالیت")

    class Meta:
        verbose_name = "واحد معاونت"
        verbose_name_plural = "واحدهای معاونت"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="unit_region_has_district",
                condition=Q(kind="region", district__isnull=False)
                | (~Q(kind="region") & Q(district__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.title
