"""When a sign-up is right, who may join and when, and what people hear of their place in a programme."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from bot import working_time
from bot.due import Due
from store.models import IS_OUT, Member, MemberState, Person, Programme, Side, Way
from store.snapshots import Snapshot

MOST_TOPICS = 5  # on each side, one of their own words included
LONGEST_TOPIC = 75  # what a menu can show
MOST_MENTEES = 3
MOST_AVOIDED = 10
LONGEST_FACT = 150
MENU = 100  # options a menu of Slack's can show; with more topics it is searched by typing
CONSENT = "2026-12"  # raise it with every change of the consent text's meaning

HOURS = ("morning", "midday", "afternoon")
FACTS = ("manager", "department", "team", "level", "site")
"""What the company's directory may know of them; asked for, or shown to be confirmed."""

NO_PROGRAMME = "There is no programme to join just now. When one opens, it is announced in its channel."
IN_ALREADY = "You're in already. You can change your answers with *Change my answers*."

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
    """What somebody has answered so far, to join or to change their answers. The form's fields have these names."""

    sides: tuple[Side, ...] = ()
    offers: tuple[str, ...] = ()
    """Ids of topics, strongest first; of a mentor."""
    own_offer: str | None = None
    """A topic that isn't in the list, in their own words: proposed to the people who run the programme."""
    capacity: int = 1
    wishes: tuple[str, ...] = ()
    """Ids of topics, dearest first; of a mentee."""
    own_wish: str | None = None
    hopes: str | None = None
    languages: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    """Of `HOURS`; empty: any."""
    networks: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    """Slack ids."""
    site: str | None = None
    department: str | None = None
    team: str | None = None
    level: int | None = None
    manager: str | None = None
    """Slack id; "" is somebody who reports to nobody, None is not answered."""
    has_consented: bool = False

    @property
    def is_mentor(self) -> bool:
        return Side.MENTOR in self.sides

    @property
    def is_mentee(self) -> bool:
        return Side.MENTEE in self.sides


def to_json(answers: Answers) -> dict[str, Any]:
    """The answers as a draft keeps them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(answers).items()}


def from_json(kept: Mapping[str, Any]) -> Answers:
    """What a draft kept, an older one included: what it doesn't know is not answered."""
    known = {each.name for each in fields(Answers)}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if name in known
    }
    return replace(Answers(**given), sides=tuple(Side(side) for side in given.get("sides", ())))


def with_known(answers: Answers, known: Mapping[str, Any]) -> Answers:
    """The answers with what is known from elsewhere in place of what they left open."""
    return replace(answers, **{name: known[name] for name in FACTS if getattr(answers, name) is None and name in known})


def tidied(answers: Answers, topics: Mapping[str, str]) -> Answers:
    """What belongs to their sides and to the list of topics (id to label).

    A topic in their own words that is in the list already becomes the one in the list.
    """
    offers, own_offer = _of_list(answers.offers, answers.own_offer, topics) if answers.is_mentor else ((), None)
    wishes, own_wish = _of_list(answers.wishes, answers.own_wish, topics) if answers.is_mentee else ((), None)
    return replace(
        answers,
        offers=offers,
        own_offer=own_offer,
        capacity=answers.capacity if answers.is_mentor else 1,
        wishes=wishes,
        own_wish=own_wish,
    )


def _of_list(chosen: tuple[str, ...], own: str | None, topics: Mapping[str, str]) -> tuple[tuple[str, ...], str | None]:
    known = [topic for topic in dict.fromkeys(chosen) if topic in topics]
    same = next((topic for topic, label in topics.items() if own and _plain(label) == _plain(own)), None)
    if same is None:
        return tuple(known), own
    return tuple(dict.fromkeys([*known, same])), None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def found(topics: Mapping[str, str], typed: str) -> list[str]:
    """The topics that fit what was typed so far, at most a menu's worth: those that begin with it come first."""
    parts = _plain(typed).split()
    fitting = [topic for topic, label in topics.items() if all(part in _plain(label) for part in parts)]
    return sorted(fitting, key=lambda topic: not _plain(topics[topic]).startswith(_plain(typed)))[:MENU]


def problems(answers: Answers, *, is_change: bool) -> dict[str, str]:
    """What to mend, by the name of the answer; empty if all is well. Who changes their answers has consented."""
    found = {**_of_the_person(answers), **_of_topics(answers), **_of_the_directory(answers)}
    if not is_change and not answers.has_consented:
        found["has_consented"] = "We can only keep your answers if you agree to it."
    return found


def _of_the_person(answers: Answers) -> dict[str, str]:
    found: dict[str, str] = {}
    if not answers.sides:
        found["sides"] = "Choose the side you'd like to be on."
    if not answers.languages:
        found["languages"] = "Choose at least one language you're happy to talk in."
    if not answers.ways:
        found["ways"] = "Choose at least one way to meet."
    if Way.IN_PERSON in answers.ways and not answers.site:
        found["site"] = "To meet in person, we need to know where you work."
    if len(answers.avoid) > MOST_AVOIDED:
        found["avoid"] = f"Choose up to {MOST_AVOIDED} people."
    return found


def _of_topics(answers: Answers) -> dict[str, str]:
    found: dict[str, str] = {}
    if answers.is_mentor:
        found |= _of_side("offers", answers.offers, "own_offer", answers.own_offer)
    if answers.is_mentee:
        found |= _of_side("wishes", answers.wishes, "own_wish", answers.own_wish)
    if not 1 <= answers.capacity <= MOST_MENTEES:
        found["capacity"] = f"Choose from one to {MOST_MENTEES} mentees."
    if answers.is_mentor and answers.is_mentee and set(answers.offers) & set(answers.wishes):
        found["wishes"] = "You offer one of these yourself. Choose each topic on one side only."
    if answers.own_offer and answers.own_wish and _plain(answers.own_offer) == _plain(answers.own_wish):
        found["own_wish"] = "You offer this yourself. Choose each topic on one side only."
    return found


def _of_side(name: str, topics: tuple[str, ...], own_name: str, own: str | None) -> dict[str, str]:
    if not topics and not own:
        return {name: "Choose at least one topic, or name one of your own, so that we can find somebody for you."}
    if len(topics) + bool(own) > MOST_TOPICS:
        return {name: f"Choose up to {MOST_TOPICS}, your own included: the ones that matter most."}
    if own and (len(own) > LONGEST_TOPIC or _is_broken(own)):
        return {own_name: f"Please say it on one line, in {LONGEST_TOPIC} characters at most."}
    return {}


def _of_the_directory(answers: Answers) -> dict[str, str]:
    found: dict[str, str] = {}
    if answers.manager is None:
        found["manager"] = "Choose whom you report to, so that you never meet your own boss here."
    if not answers.team:
        found["team"] = "Name your team, so that you meet somebody from another one."
    if answers.level is None:
        found["level"] = "Choose the level that comes nearest to yours."
    return found


def overlong(answers: Answers) -> dict[str, str]:
    """What they themselves say too long; what the directory says is not theirs to shorten."""
    texts = {name: getattr(answers, name) or "" for name in ("department", "team", "site")}
    why = f"Please say it on one line, in {LONGEST_FACT} characters at most."
    return {name: why for name, text in texts.items() if len(text) > LONGEST_FACT or _is_broken(text)}


def _is_broken(text: str) -> bool:
    return len(text.splitlines()) > 1


def may_join(programme: Programme | None, member: Member | None, me: Person, now: datetime) -> str | None:
    """Why they can't join now, in words fit to show; None if they can."""
    if programme is None:
        return NO_PROGRAMME
    if programme.closed_at is not None:
        return "This programme no longer takes new members."
    if member is not None and member.state not in IS_OUT:
        return {
            MemberState.APPLIED: "You have asked to join already. You will hear as soon as it is decided.",
            MemberState.QUEUED: "You're on the waiting list already. You will hear when a place comes free.",
        }.get(member.state, IN_ALREADY)
    if programme.contact == me.slack_id:
        return (
            "You are whom people turn to with a concern in this programme, so you can't be somebody's partner in it. "
            "A coordinator can open one with another contact."
        )
    return _outside_its_dates(programme, me, now)


def _outside_its_dates(programme: Programme, me: Person, now: datetime) -> str | None:
    if programme.signup_from is not None and now < programme.signup_from:
        return f"You can't join just yet: sign-up opens on {day(programme.signup_from, me)}."
    if programme.signup_until is not None and programme.signup_until <= now:
        # The last day: a sign-up until midnight closes on the day before.
        return f"Sign-up closed on {day(programme.signup_until - timedelta(seconds=1), me)}."
    return None


def day(at: datetime, me: Person) -> str:
    """As in "Monday, 6 December", by the calendar on their wall."""
    local = at.astimezone(working_time.zone(me.zone))
    return f"{local:%A}, {local.day} {local:%B}"


def state_on_joining(programme: Programme, *, is_full: bool) -> MemberState:
    if programme.needs_approval:
        return MemberState.APPLIED
    return MemberState.QUEUED if is_full else MemberState.ACTIVE


def may_stop(sides: Collection[Side], paired: Collection[Side]) -> dict[str, str]:
    """Beside the sides, if they'd stop on one on which they have a partner."""
    dropped = [side for side in paired if side not in sides]
    if not dropped:
        return {}
    return {
        "sides": f"You have a partner as a {dropped[0]} just now. Keep this side until your talks have ended, "
        "or end it with *Leave* on the Home tab."
    }


def due(snapshot: Snapshot) -> list[Due]:
    by_programme: dict[int, list[Member]] = {}
    for place in snapshot.places:
        by_programme.setdefault(place.programme.id, []).append(place.member)
    told = [_place(mine) for mine in by_programme.values()]
    return [each for each in told if each is not None]


def _place(mine: Sequence[Member]) -> Due | None:
    """What they hear of their place in a programme: once, whether they are on one side or on both."""
    member = max(
        [each for each in mine if each.state not in IS_OUT] or mine, key=lambda each: (each.changed_at, each.id)
    )
    kind = _kind(member)
    if kind is None:
        return None
    return Due(
        key=f"{kind}:{member.id}:{member.revision}",
        kind=kind,
        opens_at=member.changed_at,
        is_notice=True,
        at_once=_is_own_act(kind, member),
        about=member.id,
    )


def _kind(member: Member) -> str | None:
    """What their last change was: their own, or somebody's decision about them."""
    has_moved = member.state_since == member.changed_at
    match member.state:
        case MemberState.LEFT:
            return None  # leaving is told by the membership
        case MemberState.DECLINED:
            return "declined"
        case MemberState.APPLIED | MemberState.QUEUED if has_moved:
            return str(member.state)
        case MemberState.ACTIVE | MemberState.PAUSED if member.let_in_at == member.changed_at:
            return "let_in"
    return "joined"


def _is_own_act(kind: str, member: Member) -> bool:
    """What somebody else decided is told in working hours; the answer to their own act comes at once."""
    return kind in ("joined", "applied") or (kind == "queued" and member.joined_at == member.changed_at)
