"""Many NGOs at once: confirming existing members (N2), and noting that the register was taken away as Excel."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ngos import events
from ngos.models import Ngo
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.jobs import handlers
from staff_portal.kernel.jobs.running import start_job
from staff_portal.kernel.models import Job, User
from staff_portal.kernel.trail import audit
from staff_portal.kernel.workflow import refused
from staff_portal.kernel.workflow.registry import table_for

CONFIRM_JOB = "ngos.confirm_existing"
AT_ONCE = 25
CHUNK = 50


@dataclass(frozen=True)
class Refused:
    """An NGO that was left out, with every sentence that says why."""

    pk: int
    name: str
    sentences: list[str]


@dataclass
class BatchResult:
    """What became of a batch: how many were done, and those left out."""

    confirmed: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "confirmed": self.confirmed,
            "refused": [row.__dict__ for row in self.refused],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "BatchResult":
        return cls(list(data.get("confirmed", [])), [Refused(**row) for row in data.get("refused", [])])


def confirm_existing_members(
    ids: Iterable[int],
    *,
    actor: User,
    at: datetime,
    progress: Callable[[int, int, str], None] | None = None,
) -> BatchResult:
    """Confirm existing members (N2), a chunk in one transaction; where one of a chunk is refused each is taken on
    its own, so that a refusal costs no other its confirmation. Running it twice does no harm: who is a member
    already is passed over."""
    wanted = list(dict.fromkeys(ids))
    ngos = Ngo.objects.in_bulk(wanted)
    result = BatchResult()
    for start in range(0, len(wanted), CHUNK):
        keys = wanted[start : start + CHUNK]
        _confirm([ngos[pk] for pk in keys if pk in ngos and not _is_confirmed(ngos[pk])], actor, at, result)
        for place, pk in enumerate(keys, start=start + 1):
            if progress is not None:
                progress(place, len(wanted), ngos[pk].name if pk in ngos else "")
    return result


def _is_confirmed(ngo: Ngo) -> bool:
    return ngo.state == "member" and ngo.membership_number == ngo.claimed_number


def _confirm(ngos: list[Ngo], actor: User, at: datetime, result: BatchResult) -> None:
    try:
        with refused.passed_over():
            done = table_for(Ngo).apply_many(ngos, "confirm_existing", actor=actor, at=at)
    except Refusal:
        for ngo in ngos:
            _confirm_one(ngo, actor, at, result)
    else:
        result.confirmed += [ngo.pk for ngo in done]


def _confirm_one(ngo: Ngo, actor: User, at: datetime, result: BatchResult) -> None:
    try:
        table_for(ngo).apply(ngo, "confirm_existing", actor=actor, at=at)
    except Refusal as refusal:
        result.refused.append(Refused(ngo.pk, ngo.name, list(refusal.sentences)))
    else:
        result.confirmed.append(ngo.pk)


def start_confirmation(ids: list[int], *, actor: User, at: datetime, url: str) -> Job:
    """The same in the background, for more than can be waited for; ``url`` is where the outcome will stand."""
    return start_job(
        CONFIRM_JOB,
        title="تأیید اعضای پیشین",
        owner=actor,
        params={"ids": list(ids), "url": url},
        at=at,
    )


@handlers.handler(CONFIRM_JOB)
def _confirm_in_background(job: Job, progress: handlers.Progress, *, at: datetime) -> dict[str, Any]:
    result = confirm_existing_members(job.params["ids"], actor=job.owner, at=at, progress=progress)
    return result.as_json() | {"url": f"{job.params['url']}?job={job.pk}"}


def record_export(*, actor: User, at: datetime, rows: int, filters: dict[str, Any]) -> None:
    """Note who took which part of the register away, and how much of it (K4)."""
    audit.record(
        events.EXPORTED,
        actor,
        actor=actor,
        at=at,
        after={"rows": rows, "filters": filters},
        label="فهرست سمن‌ها",
    )
