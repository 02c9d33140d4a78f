"""What a coordinator sees of a round: before it, while it is found, its pairs, one pair closely, and what if."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.pairing import why
from bot.pairing.blocks import BANDS
from bot.pairing.review.weighing_blocks import NAME, WEIGHTS
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from store.models import Person, Programme, Proposal, Round, Wish

FIND = "pairing.find"
STOP = "pairing.stop"
REVIEW = "pairing.review"
PAGE = "pairing.page"
PIN = "pairing.pin"
UNPIN = "pairing.unpin"
FORBID = "pairing.forbid"
ALLOW = "pairing.allow"
CLOSER = "pairing.closer"
BACK = "pairing.back"
BY_HAND = "pairing.by_hand"
AGAIN = "pairing.again"
DISCARD = "pairing.discard"
PUBLISH = "pairing.publish"


PAGE_SIZE = 15
MOST_LEFT_OVER = 20
LINES_TOGETHER = 5  # a section holds 3000 signs
BAR_LENGTH = 20


# ---- Which view it was, in `private_metadata`


@dataclass(frozen=True)
class Seen:
    """What somebody had before them when they pressed: which round, in which version, on which page."""

    round_id: int
    version: int
    page: int = 0
    about: int = 0
    """The proposal they looked at closely."""

    def __str__(self) -> str:
        return f"{self.round_id}:{self.version}:{self.page}:{self.about}"


def seen(private: str) -> Seen | None:
    """None where it isn't ours: an older release wrote it, or somebody else did."""
    parts = private.split(":")
    return Seen(*map(int, parts)) if len(parts) == 4 and all(part.isdigit() for part in parts) else None


# ---- Before a round


def overview(programme: Programme, waiting: tuple[int, int] | None = None, insight: Sequence[Block] = ()) -> Block:
    """How many mentors and mentees wait, which comes a moment later, and what else is worth knowing before."""
    name = kit.escape(programme.name)
    if waiting is None:
        blocks = [kit.section(f"*{name}*"), kit.context("Looking who waits, and what stands in the way of whom …")]
    else:
        mentors, mentees = waiting
        who = f"{_people(mentors, 'mentor')} and {_people(mentees, 'mentee')} wait for a partner"
        blocks = [kit.section(f"*{name}*: {who}."), *insight]
    find = kit.button(FIND, "Find the best pairs", str(programme.id), style="primary")
    blocks.append(kit.actions(find, _weights(programme)))
    blocks.append(kit.context("Nobody hears of it until you have looked the pairs through and published them."))
    return kit.modal("pairing.overview", "Pairs", blocks, private=str(programme.id))


def _weights(programme: Programme) -> Block:
    return kit.button(WEIGHTS, NAME, str(programme.id))


def _people(count: int, side: str) -> str:
    return f"{count} {side}{'' if count == 1 else 's'}"


# ---- While it is found


def working(made: Round, programme: Programme, viewer: Person) -> Block:
    """How far it is, and a way to stop it."""
    done, of = int(made.progress.get("done", 0)), int(made.progress.get("of", 0))
    doing = str(made.progress.get("doing") or "Looking for the best pairs …")
    blocks = [kit.section(f"*{kit.escape(programme.name)}*\n{kit.escape(doing)}")]
    if of > 0:
        filled = min(BAR_LENGTH, BAR_LENGTH * done // of)
        percent = min(100, 100 * done // of)
        blocks.append(kit.section(f"`{'█' * filled}{'░' * (BAR_LENGTH - filled)}` {percent} %"))
    blocks.append(kit.actions(kit.button(STOP, "Stop", str(made.id), spoken="Stop looking for pairs")))
    if made.tell == viewer.id:
        blocks.append(kit.context("You can close this: I'll send you a message when the pairs are there."))
    else:
        blocks.append(kit.context("You can close this: the pairs are there when you come back."))
    return kit.modal("pairing.working", "Finding pairs", blocks, private=str(made.id))


def said(text: str, programme_id: int | None = None) -> Block:
    """A sentence; with the programme's number, a way to begin anew."""
    blocks = [kit.section(text)]
    if programme_id is not None:
        blocks.append(kit.actions(kit.go("match", "Look for pairs again", str(programme_id))))
    return kit.modal("pairing.said", "Pairs", blocks)


# ---- The pairs


@dataclass(frozen=True)
class Proposed:
    """A proposal as a coordinator sees it."""

    proposal: Proposal
    mentor: Person
    mentee: Person
    wish: Wish | None = None
    """What a coordinator wants of the two, and who."""
    by: Person | None = None
    is_weak: bool = False
    """Among the weakest of the round."""

    def has(self, person: Person) -> bool:
        return person.id in (self.mentor.id, self.mentee.id)


@dataclass(frozen=True)
class LeftOver:
    """Somebody whom the round leaves without a partner, and why, in words."""

    person: Person
    side: str
    why: str | None


@dataclass(frozen=True)
class Review:
    """A page of a round."""

    programme: Programme
    round: Round
    proposed: Sequence[Proposed]
    """Of this page, best first."""
    page: int = 0
    last: int = 0
    """The number of the last page; the first is 0."""
    count: int = 0
    kept: int = 0
    """How many pairs there are in all, and how many would be published."""
    has_wishes: bool = False
    """Coordinators wished something of it."""
    is_changed: bool = False
    """They did so after it was solved."""
    left_over: Sequence[LeftOver] = ()
    """The first of those who go on waiting, on the last page."""
    waiting: int = 0
    """How many go on waiting."""


def review(review: Review, prompts: Prompts, viewer: Person, note: str = "") -> Block:
    """Best first, a page at a time; somebody's own pair is not theirs to review. `note` says what just happened."""
    blocks = [kit.section(note)] if note else []
    blocks += [kit.section(_summary(review)), _doing(review), kit.divider()]
    for each in review.proposed:
        blocks += [*_proposed(each, prompts, viewer), kit.divider()]
    blocks += _pages(review.page, review.last)
    blocks += _left_over(review)
    submit = f"Publish {_pairs(review.kept)}" if review.kept else None
    private = str(Seen(review.round.id, review.round.version, review.page))
    return kit.modal(REVIEW, "Pairs", blocks, submit=submit, close="Not now", private=private)


def _pairs(count: int) -> str:
    return f"{count} pair{'' if count == 1 else 's'}"


def _summary(review: Review) -> str:
    name = kit.escape(review.programme.name)
    if not review.count:
        lines = [f"*{name}*: no pair is possible just now."]
    else:
        kept = f"{review.kept} of " if review.kept < review.count else ""
        lines = [f"*{name}*: {kept}{_pairs(review.count)} proposed, best first.", _how_good(review)]
    if review.waiting:
        where = "the end says why" if review.page == review.last else "the last page says why"
        lines.append(f"{_goes(review.waiting)} on waiting; {where}.")
    return "\n".join(lines)


def _how_good(review: Review) -> str:
    """What the checker found, as long as it is about these pairs."""
    if review.is_changed:
        return "These aren't the best pairs any more: some have changed. I can look once more around what was chosen."
    around = "Around what you wished, no" if review.has_wishes else "No"
    checked = "; checked." if review.round.is_checked else "."
    return f"{around} other round places more people, and none of as many fits better{checked}"


def _goes(count: int) -> str:
    return "1 person goes" if count == 1 else f"{count} people go"


def _doing(review: Review) -> Block:
    value = str(review.round.id)
    if review.is_changed:
        again = kit.button(AGAIN, "Find the best around these", value, style="primary")
    else:
        again = kit.button(AGAIN, "Find again", value, spoken="Find the best pairs again, as people stand now")
    by_hand = kit.button(BY_HAND, "Add a pair by hand", value)
    discard = kit.confirmed(
        kit.button(DISCARD, "Discard all", value, style="danger"),
        "Discard all of these pairs?",
        "Nobody has heard of them. Everybody goes on waiting.",
        "Discard",
        "Not now",
    )
    return kit.actions(again, by_hand, _weights(review.programme), discard)


def _proposed(each: Proposed, prompts: Prompts, viewer: Person) -> list[Block]:
    names = f"*{kit.mention(each.mentor.slack_id)}* mentors *{kit.mention(each.mentee.slack_id)}*"
    if each.has(viewer):
        return [kit.section(f"{names}\nYou are one of them, so this pair is not yours to review.")]
    value, spoken = str(each.proposal.id), f"{each.mentor.name} and {each.mentee.name}"
    by = f" by {kit.mention(each.by.slack_id)}" if each.by else ""
    if each.wish is Wish.FORBID:
        put_back = kit.button(ALLOW, "Put back", value, spoken=f"Put back {spoken}")
        return [kit.section(f"~{names}~ left out{by}", put_back)]
    facts = each.proposal.reasons
    marks = [f"*Kept together*{by}"] if each.wish is Wish.PIN else []
    marks += ["*Among the weakest here:* worth a second look"] if each.is_weak else []
    text = "\n".join([names, BANDS[facts["band"]], *why.reasons(facts, prompts), *_waited(facts), *marks])
    if each.wish is Wish.PIN:
        keep = kit.button(UNPIN, "Let go", value, spoken=f"Let go of {spoken}")
    else:
        keep = kit.button(PIN, "Keep together", value, spoken=f"Keep {spoken} together")
    leave_out = kit.button(FORBID, "Leave out", value, spoken=f"Leave out {spoken}")
    closer = kit.button(CLOSER, "Look closer", value, spoken=f"Look closer at {spoken}")
    return [kit.section(text), kit.actions(keep, leave_out, closer)]


def _waited(facts: Mapping[str, object]) -> list[str]:
    if facts.get("first_in_line"):
        return ["First in line: a partner left"]
    rounds = facts["waited"]
    return [f"Waited for {'one round' if rounds == 1 else f'{rounds} rounds'}"] if rounds else []


def _pages(page: int, last: int) -> list[Block]:
    if last == 0:
        return []
    buttons = []
    if page > 0:
        buttons.append(kit.button(PAGE + ".back", "Back", str(page - 1)))
    if page < last:
        buttons.append(kit.button(PAGE + ".on", "More", str(page + 1)))
        buttons.append(kit.button(PAGE + ".last", "To the weakest", str(last)))
    return [kit.actions(*buttons), kit.context(f"Page {page + 1} of {last + 1}")]


def _left_over(review: Review) -> list[Block]:
    if not review.left_over:
        return []
    lines = [
        f"• {kit.mention(each.person.slack_id)}, {each.side}" + (f": {each.why}" if each.why else "")
        for each in review.left_over
    ]
    if (more := review.waiting - len(review.left_over)) > 0:
        lines.append(f"… and {more} more")
    texts = ["\n".join(some) for some in _batched(lines, LINES_TOGETHER)]
    return [kit.section("*Still waiting after this round*"), *map(kit.section, texts)]


def _batched(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (lines[start : start + size] for start in range(0, len(lines), size))


def back(seen: Seen) -> Block:
    return kit.actions(kit.button(BACK, "Back to all pairs", str(seen.page)))


# ---- Publishing


def confirm(review: Review, weak: int) -> Block:
    """Asks once more, with what it means; `weak` of the pairs are a fair fit and no better."""
    pairs = _pairs(review.kept)
    lines = [f"*Publish {pairs}?*", "Each is introduced in a group DM, when both are at work. It can't be undone."]
    if weak:
        lines.append(f"{weak} of them {'is' if weak == 1 else 'are'} only a fair fit.")
    if review.waiting:
        lines.append(f"{_goes(review.waiting)} on waiting, and that counts in the next round.")
    seen = Seen(review.round.id, review.round.version, review.page)
    blocks = [back(seen), kit.section("\n".join(lines))]
    return kit.modal(PUBLISH, "Publish", blocks, submit=f"Publish {pairs}", close="Not now", private=str(seen))


def published(pairs: int) -> Block:
    ways = "1 pair is" if pairs == 1 else f"{pairs} pairs are"
    text = f"{ways} on the way: each is introduced in a group DM when both are at work."
    return kit.modal("pairing.said", "Published", [kit.section(text)])
