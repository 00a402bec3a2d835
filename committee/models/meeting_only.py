"""What PostgreSQL refuses of a circulation that a seat asks into a meeting, and of its text afterwards (C5)."""

import pgtrigger

from staff_portal.kernel.base import hardtriggers

#: advisory lock under which circulations begin, one after the other
CIRCULATION_LOCK = 4_826_106

_RULES = f"""
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM committee_motion m WHERE m.id = NEW.origin_id AND m.meeting_only;
        IF (FOUND AND NOT NEW.meeting_only) OR NEW.meeting_asked_by_id IS NOT NULL THEN
            {hardtriggers.raise_sql("c5_meeting_only_kept")}
        END IF;
        RETURN NEW;
    END IF;
    asks = OLD.state = 'open' AND OLD.mode = 'circulation' AND NEW.state = 'lapsed' AND NEW.meeting_only
           AND NEW.meeting_asked_by_id IS NOT NULL;
    IF (OLD.meeting_only AND NOT NEW.meeting_only)
       OR (NEW.meeting_asked_by_id IS DISTINCT FROM OLD.meeting_asked_by_id AND NOT asks)
       OR (NEW.meeting_only AND NOT OLD.meeting_only AND NOT asks AND OLD.state NOT IN ('draft', 'tabled')) THEN
        {hardtriggers.raise_sql("c5_meeting_only_kept")}
    END IF;
    IF asks THEN
        PERFORM 1 FROM committee_seating s WHERE s.id = NEW.meeting_asked_by_id
            AND s.period @> (NEW.closed_at AT TIME ZONE 'Asia/Tehran')::date
            AND (NEW.concerns_ngo_id IS NULL OR s.ngo_id IS DISTINCT FROM NEW.concerns_ngo_id)
            AND NOT EXISTS (SELECT 1 FROM committee_recusal r WHERE r.motion_id = NEW.id AND r.seat_code = s.seat_code)
            AND NOT EXISTS (SELECT 1 FROM kernel_hold h WHERE h.subject_type = 'committee.seating'
                            AND h.subject_id = s.id AND h.lifted_at IS NULL)
            FOR SHARE OF s;
        IF NOT FOUND THEN {hardtriggers.raise_sql("c5_voting_seat_asks")} END IF;
    END IF;
    IF NEW.state = 'open' AND OLD.state <> 'open' AND NEW.mode = 'circulation' THEN
        PERFORM 1 FROM committee_agendaitem i JOIN committee_meeting g ON g.id = i.meeting_id
            WHERE i.motion_id = NEW.id AND g.state IN ('awaiting_chair', 'called', 'in_session');
        IF FOUND THEN {hardtriggers.raise_sql("c5_on_a_called_agenda")} END IF;
        PERFORM pg_advisory_xact_lock({CIRCULATION_LOCK});
        PERFORM 1 FROM committee_motion m WHERE m.id <> NEW.id AND m.meeting_only AND m.text_hash <> ''
            AND (m.text_hash = NEW.text_hash OR (NEW.subject_hash <> '' AND m.subject_hash = NEW.subject_hash));
        IF FOUND OR NEW.meeting_only THEN {hardtriggers.raise_sql("c5_meeting_only")} END IF;
        PERFORM 1 FROM committee_motion m WHERE m.id <> NEW.id AND m.state = 'open' AND m.mode = 'circulation'
            AND (m.text_hash = NEW.text_hash OR (NEW.subject_hash <> '' AND m.subject_hash = NEW.subject_hash));
        IF FOUND THEN {hardtriggers.raise_sql("c5_text_circulates_once")} END IF;
    END IF;
    RETURN NEW;
"""

#: only a seat that may vote on the motion breaks its circulation off; then the text is decided in a meeting only
TRIGGER = hardtriggers.HardTrigger(
    name="meeting_only",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("asks", "boolean")],
    func=_RULES,
)
