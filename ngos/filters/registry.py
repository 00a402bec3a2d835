"""The registry's filters: read from the address, turned into conditions, counted in one pass.

A plain reading of the query string: the list holds a hundred thousand NGOs, and all counts of all chips come
from one statement over one pass of the table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, Count, F, IntegerField, Q, Value, When
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from ngos.enums import MembershipState
from ngos.models.querysets import NgoQuerySet, is_short
from staff_portal.kernel.persian.digits import natural, to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.search import search_fold

LEVELS = (1, 2, 3, 4)
NO_LEVEL = 0
ANY_LEVEL = "any"
SHOWN_FIELDS = 4
QUERY_LENGTH = 120
_IN_MOST = """(
    SELECT count(*) FILTER (WHERE search_text LIKE %s) * 2 > count(*) FROM ngos_ngo
        TABLESAMPLE SYSTEM (1) REPEATABLE (1)
)"""
GROUPS = ("state", "field", "level", "district")


def _numbers(values: Iterable[str], allowed: Iterable[int] | None = None) -> tuple[int, ...]:
    found = [
        number
        for raw in values
        if (number := natural(to_ascii_digits(raw).strip())) is not None and number < 10**9
    ]
    return tuple(dict.fromkeys(n for n in found if allowed is None or n in allowed))


@dataclass(frozen=True)
class RegistryFilter:
    """What the address asks for. Several values of one group mean any of them; groups are joined by «and»."""

    q: str = ""
    state: tuple[str, ...] = ()
    field: tuple[int, ...] = ()
    level: tuple[int, ...] = ()
    district: tuple[int, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> "RegistryFilter":
        """From ``?q=&state=&field=&level=&district=``; unknown values are passed over, digits may be any."""
        levels = query.getlist("level")
        wanted = (*LEVELS,) if ANY_LEVEL in levels else _numbers(levels, (NO_LEVEL, *LEVELS))
        return cls(
            q=(clean_text(query.get("q", "")) or "")[:QUERY_LENGTH],
            state=tuple(s for s in dict.fromkeys(query.getlist("state")) if s in MembershipState.values),
            field=_numbers(query.getlist("field")),
            level=wanted,
            district=_numbers(query.getlist("district"), range(1, 23)),
        )

    @property
    def is_set(self) -> bool:
        return bool(self.q or self.state or self.field or self.level or self.district)

    def as_params(self) -> dict[str, Any]:
        """JSON values for a background job; :meth:`from_params` is the way back."""
        return {"q": self.q} | {name: list(getattr(self, name)) for name in GROUPS}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "RegistryFilter":
        return cls(q=params.get("q", ""), **{name: tuple(params.get(name, ())) for name in GROUPS})

    def apply(self, rows: NgoQuerySet, on: date, *, by_pieces: bool = False) -> NgoQuerySet:
        """The NGOs among ``rows`` that fulfil everything asked for; ``by_pieces`` as in ``matching``."""
        rows = rows.matching(self.q, by_pieces=by_pieces) if self.q else rows
        if self.state:
            rows = rows.filter(state__in=self.state)
        if self.field:
            rows = rows.filter(primary_field__in=self.field)
        if self.district:
            rows = rows.filter(district__in=self.district)
        if self.level:
            ranks = [rank for rank in self.level if rank != NO_LEVEL]
            valid = Q(level_rank__in=ranks, grade_valid_until__gte=on) if ranks else Q(pk__in=[])
            none = Q(level_rank__isnull=True) | Q(grade_valid_until__lt=on)
            rows = rows.filter(valid | none if NO_LEVEL in self.level else valid)
        return rows


@dataclass
class Facets:
    """How many NGOs each chip would show, the other groups' filters kept; ``found`` fulfil all filters."""

    found: int = 0
    total: int = 0
    state: dict[str, int] = made(default_factory=dict)
    field: dict[int, int] = made(default_factory=dict)
    level: dict[int, int] = made(default_factory=dict)
    district: dict[int, int] = made(default_factory=dict)
    titles: dict[int, str] = made(default_factory=dict)
    views: list[dict[str, Any]] = made(default_factory=list)


def facets(
    rows: NgoQuerySet, wanted: RegistryFilter, on: date, *, owner_id: int = 0, list_name: str = ""
) -> Facets:
    """Counts of all chips and of the list in one statement: one pass over the NGOs, then sums of groups.

    ``rows`` are the NGOs the person may see. The inner query has one line for each combination that occurs,
    the outer one sums them with every other group's filter applied. The person's saved views (``owner_id``,
    ``list_name``) come with it, so that the page around the rows costs one query.
    """
    level = Case(
        When(grade_valid_until__gte=on, level_rank__isnull=False, then=F("level_rank")),
        default=Value(NO_LEVEL),
        output_field=IntegerField(),
    )
    cubes = [
        base.order_by()
        .annotate(
            a_state=F("state"), b_field=F("primary_field_id"), c_level=level, d_district=F("district_id")
        )
        .values("a_state", "b_field", "c_level", "d_district")
        .annotate(n=Count("*"))
        .values_list("a_state", "b_field", "c_level", "d_district", "n")
        for base in _searched(rows, wanted.q)
    ]
    inner, inner_params = cubes[0].union(*cubes[1:], all=True).query.sql_with_params()
    keeps = {name: f"(%({name})s IS NULL OR {name} = ANY(%({name})s))" for name in GROUPS}
    sums = ", ".join(
        f"COALESCE(sum(n) FILTER (WHERE {' AND '.join(keeps[o] for o in GROUPS if o != name)}), 0)"
        for name in GROUPS
    )
    everything = " AND ".join(keeps.values())
    params: dict[str, Any] = {f"p{place}": value for place, value in enumerate(inner_params)}
    params |= {name: list(getattr(wanted, name)) or None for name in GROUPS}
    params |= {"owner_id": owner_id, "list_name": list_name}
    numbered = inner % tuple(f"%(p{place})s" for place in range(len(inner_params)))
    sql = f"""
        WITH cube (state, field, level, district, n) AS MATERIALIZED ({numbered}),
        grouped AS (
            SELECT state, field, level, district, GROUPING(state, field, level, district) AS kept,
                   {sums}, COALESCE(sum(n) FILTER (WHERE {everything}), 0) AS found, COALESCE(sum(n), 0) AS total
            FROM cube GROUP BY GROUPING SETS ((state), (field), (level), (district), ())
        )
        SELECT grouped.*, kernel_activityfield.title,
               CASE WHEN grouped.kept = 15 THEN (
                   SELECT json_agg(json_build_object('pk', id, 'label', title, 'query', query) ORDER BY title)
                   FROM kernel_savedview WHERE owner_id = %(owner_id)s AND list_name = %(list_name)s
               ) END AS views
        FROM grouped LEFT JOIN kernel_activityfield ON kernel_activityfield.id = grouped.field
        ORDER BY kernel_activityfield.position
    """  # noqa: S608 - names are this module's own, every value is a parameter
    result = Facets()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for row in cursor.fetchall():
            _take(result, row)
    return result


def _searched(rows: NgoQuerySet, query: str) -> list[NgoQuerySet]:
    """The rows that are found. One or two letters are searched in either of two ways, of which one is taken.

    What is in most names is sooner found by reading them; the rest by the index of short words. PostgreSQL
    decides by the first word in a hundredth of the table's pages, within the statement and always by the same
    pages (both branches ask, and must be told the same); both ways find the same.
    """
    words = search_fold(query).split()
    if not is_short(words):
        return [rows.matching(query)]
    is_in_most = RawSQL(_IN_MOST, [f"%{words[0]}%"], output_field=BooleanField())  # noqa: S611
    return [rows.matching(query, by_pieces=True).exclude(is_in_most), rows.matching(query).filter(is_in_most)]


def _take(result: Facets, row: tuple[Any, ...]) -> None:
    (
        state,
        own_field,
        level,
        district,
        kept,
        by_state,
        by_field,
        by_level,
        by_district,
        found,
        total,
        title,
        views,
    ) = row
    if kept == 0b0111 and state:
        result.state[state] = int(by_state)
    elif kept == 0b1011 and own_field:
        result.field[own_field] = int(by_field)
        result.titles[own_field] = title
    elif kept == 0b1101:
        result.level[level] = int(by_level)
    elif kept == 0b1110 and district:
        result.district[district] = int(by_district)
    elif kept == 0b1111:
        result.found, result.total, result.views = int(found), int(total), views or []


# --- chips --------------------------------------------------------------------------------------------------


def chip_groups(query: QueryDict, wanted: RegistryFilter, counts: Facets) -> list[dict[str, Any]]:
    """The groups of chips for the kit: each chip is a link that adds its value or takes it away."""
    states = [(s.value, str(s.label), counts.state.get(s.value, 0)) for s in MembershipState]
    levels = [(str(n), f"سطح {to_persian_digits(n)}", counts.level.get(n, 0)) for n in LEVELS]
    levels.append((str(NO_LEVEL), "بدون سطح معتبر", counts.level.get(NO_LEVEL, 0)))
    fields = [(str(pk), title, counts.field[pk]) for pk, title in counts.titles.items()]
    districts = [(str(n), f"منطقه {to_persian_digits(n)}", counts.district.get(n, 0)) for n in range(1, 23)]
    fields.sort(key=lambda option: -option[2])
    return [
        _group(query, "وضعیت", "state", wanted.state, states, shown=len(states)),
        _group(query, "سطح", "level", wanted.level, levels, shown=len(levels)),
        _group(query, "حوزه", "field", wanted.field, fields, shown=SHOWN_FIELDS, more="حوزه‌های دیگر"),
        _group(query, "منطقه", "district", wanted.district, districts, shown=0, more="برگزیدن منطقه"),
    ]


def _group(
    query: QueryDict,
    label: str,
    name: str,
    chosen: tuple[Any, ...],
    options: list[tuple[str, str, int]],
    *,
    shown: int,
    more: str = "",
) -> dict[str, Any]:
    active = [str(value) for value in chosen]
    drawn = [_option(query, name, active, option) for option in options if option[2] or option[0] in active]
    first = [chip for place, chip in enumerate(drawn) if place < shown or chip["active"]]
    rest = [chip for place, chip in enumerate(drawn) if place >= shown and not chip["active"]]
    return {"label": label, "options": first, "more": rest, "more_label": more}


def _option(query: QueryDict, name: str, active: list[str], option: tuple[str, str, int]) -> dict[str, Any]:
    value, label, count = option
    changed = query.copy()
    changed.pop("page", None)
    is_on = value in active
    changed.setlist(name, [v for v in active if v != value] if is_on else [*active, value])
    return {
        "label": label,
        "count": count,
        "url": f"?{changed.urlencode()}",
        "active": is_on,
        "removable": is_on,
    }
