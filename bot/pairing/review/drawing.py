"""A round as it stands, read from the store and drawn for one who looks at it."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.pairing import why
from bot.pairing.fit import Band
from bot.pairing.review import review_blocks
from bot.pairing.review.review_blocks import LeftOver, Proposed, Review
from bot.prompts import Prompts
from bot.slack import kit, speaking
from bot.slack.kit import Block
from store import members, people, programmes, rounds
from store.models import Choice, Person, Programme, Proposal, Round, RoundState, Wish

WEAK = 10  # of so many pairs one is among the weakest

FAILED = "That didn't work out this time. Nothing was changed; please try again in a minute."
STOPPED = "Stopped. Nothing was changed."
DISCARDED = "These pairs were discarded. Everybody goes on waiting."
BY_HAND = "what was chosen by hand left them without a partner."
GONE = "This round is not there any more."


def of(house: House, round_id: int, viewer: Person, page: int = 0, note: str = "") -> Block:
    """Whatever there is to see of it now."""
    with house.store.read() as db:
        made = rounds.find(db, house.workspace_id, round_id)
        if made is None:
            return review_blocks.said(GONE)
        programme = programmes.get(db, made.programme_id)
        if made.state is RoundState.PROPOSED:
            words = house.words(db)
            return review_blocks.review(review(db, programme, made, words, page), words, viewer, note)
        if made.state in (RoundState.PUBLISHING, RoundState.PUBLISHED):
            return review_blocks.published(rounds.count_kept(db, made.id))
    if made.state is RoundState.WORKING:
        return review_blocks.working(made, programme, viewer)
    return review_blocks.said(_over(made), None if programme.closed_at else programme.id)


def _over(made: Round) -> str:
    if made.state is RoundState.DISCARDED:
        return DISCARDED
    return STOPPED if made.progress.get("is_stopped") else FAILED


def everywhere(house: House, round_id: int) -> set[int]:
    """Draws it wherever somebody follows the work on it. The ids of the persons who surely see it."""
    with house.store.read() as db:
        made = rounds.find(db, house.workspace_id, round_id)
        views: Mapping[str, int] = made.progress.get("views", {}) if made is not None else {}
        viewers = people.by_id(db, list(views.values()))
    seen_by = set()
    for view_id, person_id in views.items():
        view = of(house, round_id, viewers[person_id])
        answer = speaking.call(partial(house.client.views_update, view_id=view_id, view=view))
        if not isinstance(answer, speaking.Refused | speaking.Unclear):
            seen_by.add(person_id)
    return seen_by


def review(db: Db, programme: Programme, made: Round, words: Prompts, page: int = 0) -> Review:
    """A page of what is proposed, best first, and who is left over: however large the round, a page is read."""
    choices, count = rounds.choices(db, made.id), rounds.count(db, made.id)
    last = max(0, (count - 1) // review_blocks.PAGE_SIZE)
    first = min(page, last) * review_blocks.PAGE_SIZE
    found = rounds.proposals(db, made.id, first, review_blocks.PAGE_SIZE)
    unplaced = _unplaced(db, made, choices)
    shown = unplaced[: review_blocks.MOST_LEFT_OVER] if min(page, last) == last else []
    known = names(db, [*_of(found), *why.members(shown)])
    wishers = people.by_id(db, [choice.made_by for choice in choices.values()])
    weak_from = count - max(1, count // WEAK)
    proposed = [
        _proposed(each, choices.get((each.mentor_id, each.mentee_id)), known, wishers, is_late=place >= weak_from)
        for place, each in enumerate(found, first)
    ]
    return Review(
        programme,
        made,
        proposed,
        page=min(page, last),
        last=last,
        count=count,
        kept=rounds.count_kept(db, made.id),
        has_wishes=bool(choices),
        is_changed=bool(made.insight.get("is_changed")),
        left_over=[_left_over(each, known, words) for each in shown],
        waiting=len(unplaced),
    )


def _unplaced(db: Db, made: Round, choices: Mapping[tuple[int, int], Choice]) -> list[Mapping[str, Any]]:
    """Who goes on waiting: those whom the solver left over, and those whom a coordinator took a partner from since."""
    pinned = {member_id for pair, each in choices.items() if each.wish is Wish.PIN for member_id in pair}
    apart = {member_id for pair, each in choices.items() if each.wish is Wish.FORBID for member_id in pair}
    left = [each for each in made.insight.get("unplaced", []) if each["member"] not in pinned]
    freed = {*made.insight.get("freed", []), *apart} - {each["member"] for each in left}
    placed = set(_of(rounds.with_one_of(db, made.id, sorted(freed)))) if freed else set()
    places = members.by_id(db, freed - placed)
    return [{"member": each.id, "side": each.side.value} for _, each in sorted(places.items())] + left


def _left_over(each: Mapping[str, Any], known: Mapping[int, Person], words: Prompts) -> LeftOver:
    said = why.unplaced(each, words, mentions(known)) if "bars" in each else BY_HAND
    return LeftOver(known[each["member"]], each["side"], said)


def one(db: Db, made: Round, proposal_id: int) -> Proposed | None:
    """A single pair of it."""
    found = rounds.proposal(db, made.id, proposal_id)
    if found is None:
        return None
    choice = rounds.choices(db, made.id).get((found.mentor_id, found.mentee_id))
    wishers = people.by_id(db, [choice.made_by] if choice else [])
    return _proposed(found, choice, names(db, _of([found])), wishers, is_late=False)


def _of(proposals: Sequence[Proposal]) -> list[int]:
    return [member_id for each in proposals for member_id in (each.mentor_id, each.mentee_id)]


def names(db: Db, member_ids: Collection[int]) -> Mapping[int, Person]:
    places = members.by_id(db, member_ids)
    known = people.by_id(db, [place.person_id for place in places.values()])
    return {member_id: known[place.person_id] for member_id, place in places.items()}


def _proposed(
    each: Proposal,
    choice: Choice | None,
    names: Mapping[int, Person],
    wishers: Mapping[int, Person],
    *,
    is_late: bool,
) -> Proposed:
    return Proposed(
        each,
        names[each.mentor_id],
        names[each.mentee_id],
        wish=choice.wish if choice else None,
        by=wishers.get(choice.made_by) if choice else None,
        is_weak=is_late and each.reasons["band"] == Band.FAIR,
    )


def mentions(names: Mapping[int, Person]) -> Mapping[int, str]:
    """What members are called where it can be pressed."""
    return {member_id: kit.mention(person.slack_id) for member_id, person in names.items()}
