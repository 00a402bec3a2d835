"""Districts, neighbourhoods, fields, units and the fixed solar holidays that every installation starts with."""

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import migrations
from persiantools.jdatetime import JalaliDate
from psycopg2.extras import DateRange

from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold

DATA = Path(__file__).resolve().parent.parent / "data"
FIRST_DAY = date(2020, 3, 20)
SEEDED_AT = datetime(2026, 3, 21, tzinfo=UTC)
HOLIDAY_YEARS = range(1400, 1421)


def load(apps, schema_editor):
    reference = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))
    load_places(apps, reference)
    load_units(apps, reference)
    load_holidays(apps, reference)


def load_places(apps, reference):
    district_model = apps.get_model("kernel", "District")
    neighbourhood_model = apps.get_model("kernel", "Neighbourhood")
    district_model.objects.bulk_create(district_model(number=number) for number in range(1, 23))
    through = district_model.neighbours.through
    through.objects.bulk_create(
        through(from_district_id=int(number), to_district_id=other)
        for number, others in reference["neighbours"].items()
        for other in others
    )
    with (DATA / "neighbourhoods.csv").open(encoding="utf-8", newline="") as source:
        neighbourhood_model.objects.bulk_create(
            neighbourhood_model(
                district_id=int(row["district"]), name=row["name"], name_folded=search_fold(row["name"])
            )
            for row in csv.DictReader(source)
        )


def load_units(apps, reference):
    field_model = apps.get_model("kernel", "ActivityField")
    unit_model = apps.get_model("kernel", "Unit")
    field_model.objects.bulk_create(
        field_model(code=code, title=title, is_social_cultural=social, position=place)
        for place, (code, title, social) in enumerate(reference["fields"], start=1)
    )
    fields = {field.code: field for field in field_model.objects.all()}
    for title, kind, codes in reference["units"]:
        unit = unit_model.objects.create(title=title, kind=kind, period=DateRange(FIRST_DAY, None, "[)"))
        unit.fields.set([fields[code] for code in codes])
    unit_model.objects.bulk_create(
        unit_model(
            title=f"معاونت اجتماعی و فرهنگی منطقه {to_persian_digits(str(number))}",
            kind="region",
            district_id=number,
            period=DateRange(FIRST_DAY, None, "[)"),
        )
        for number in range(1, 23)
    )


def load_holidays(apps, reference):
    holiday_model = apps.get_model("kernel", "Holiday")
    days = [
        (JalaliDate(year, month, day).to_gregorian(), title)
        for year in HOLIDAY_YEARS
        for month, day, title in reference["solar_holidays"]
    ]
    days += [
        (JalaliDate(year, 12, 30).to_gregorian(), "آخرین روز سال")
        for year in HOLIDAY_YEARS
        if JalaliDate.is_leap(year)
    ]
    holiday_model.objects.bulk_create(
        holiday_model(day=day, title=title, at_short_notice=False, created_at=SEEDED_AT) for day, title in days
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
