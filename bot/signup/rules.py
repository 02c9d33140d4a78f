"""When a sign-up is right, and what follows from joining, pausing and leaving."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.due import Due
from store.models import Member, MemberState, Person, Programme, Side
from store.snapshots import Partnership, Place, Snapshot

MOST_TOPICS = 5
CONSENT = "2026-11"  # raise it with every change of the consent text's meaning

NO_PROGRAMME = "There is no programme to join just now. When one opens, it is announced in its channel."

LANGUAGES = {
    "ar": "العربية",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "hi": "हिन्दी",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "sv": "Svenska",
    "ta": "தமிழ்",
    "tr": "Türkçe",
    "uk": "Українська",
    "zh": "中文",
}


@dataclass(frozen=True)
class Answers:
    """What somebody filled in to join, or to change their answers."""

    side: Side | None
    topics: Sequence[str]
    hopes: str | None
    languages: Sequence[str]
    ways: Sequence[str]
    avoid: Sequence[str]
    has_consented: bool


def problems(answers: Answers) -> dict[str, str]:
    """What to mend, by the name of the answer; empty if all is well."""
    found: dict[str, str] = {}
    if answers.side is None:
        found["side"] = "Choose the side you'd like to be on."
    if not answers.topics:
        found["topics"] = "Choose at least one topic, so that we can find somebody for you."
    if len(answers.topics) > MOST_TOPICS:
        found["topics"] = f"Choose up to {MOST_TOPICS}: the ones that matter most."
    if not answers.languages:
        found["languages"] = "Choose at least one language you're happy to talk in."
    if not answers.ways:
        found["ways"] = "Choose at least one way to meet."
    if not answers.has_consented:
        found["consent"] = "We can only keep your answers if you agree to it."
    return found


def may_join(programme: Programme | None, member: Member | None, me: Person) -> str | None:
    """Why they can't join now, in words fit to show; None if they can."""
    if programme is None:
        return NO_PROGRAMME
    if programme.closed_at is not None:
        return "This programme no longer takes new members."
    if member is not None and member.state is not MemberState.LEFT:
        return "You're in already. You can change your answers with *Change my answers*."
    if programme.contact == me.slack_id:
        return (
            "You are whom people turn to with a concern in this programme, so you can't be somebody's partner in it. "
            "A coordinator can open one with another contact."
        )
    return None


def due(snapshot: Snapshot) -> list[Due]:
    told = [_place(place) for place in snapshot.places]
    for each in snapshot.partnerships:
        told += _partner(each, snapshot)
    return told


def _place(place: Place) -> Due:
    """The answer to their own joining, changing or leaving."""
    member = place.member
    kind = "left" if member.state is MemberState.LEFT else "joined"
    return Due(
        key=f"{kind}:{member.id}:{member.revision}",
        kind=kind,
        opens_at=member.changed_at,
        is_notice=True,
        at_once=True,
        about=member.id,
    )


def _partner(each: Partnership, snapshot: Snapshot) -> list[Due]:
    """What they hear of a partner who left, paused or came back: neutral, and only if they ever met them."""
    pair, me = each.pair, snapshot.person
    if pair.introduced_at is None or each.mine.state is MemberState.LEFT:
        return []
    if pair.ended_at is not None:
        gone = Due(f"partner_left:{pair.id}:{me.id}", "partner_left", pair.ended_at, is_notice=True, pair_id=pair.id)
        return [gone] if pair.ended_by != me.id else []
    since = each.theirs.state_since
    if each.theirs.state is MemberState.PAUSED and since is not None:
        key = f"partner_paused:{pair.id}:{me.id}:{int(since.timestamp())}"
        return [Due(key, "partner_paused", since, pair.ends_at, is_notice=True, pair_id=pair.id)]
    pauses = [
        nudge
        for nudge in snapshot.nudges
        if (nudge.kind, nudge.pair_id) == ("partner_paused", pair.id) and nudge.dropped is None
    ]
    if pauses and since is not None:
        key = f"partner_resumed:{pair.id}:{me.id}:{pauses[-1].id}"
        return [Due(key, "partner_resumed", since, pair.ends_at, is_notice=True, pair_id=pair.id)]
    return []
