"""What a feature's rules say is due to a person, and the message that tells it.

A `Due` is a window, not an order: rules say from when and until when it is worth saying, whatever the time is
now and whatever was sent before. `nudges` decides what goes out, and once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bot.prompts import Prompts
from bot.working_time import WorkingTime
from store.models import Draft, Nudge, Pair, Programme, Writing
from store.notes import Written
from store.snapshots import Partnership, Snapshot


class Due(NamedTuple):
    # (A tuple and no dataclass: a look makes a dozen of them, and this way it takes a third of the time.)
    key: str
    """Says the meaning (kind, pair, session, person, sequence): the same key is never sent twice."""
    kind: str
    opens_at: datetime
    closes_at: datetime | None = None
    """From then on it is no longer worth saying."""
    worth: int = 0
    """Which goes first where the budget doesn't allow all: higher first."""
    is_notice: bool = False
    at_once: bool = False
    """An answer to the person's own act: working hours don't matter."""
    is_pressing: bool = False
    """Useless later: said even when the week's budget is used up."""
    is_wished: bool = False
    """They had put it off until now: it comes whatever the week's budget, and doesn't count in it."""
    asks: bool = False
    """It wants an answer, and is one of `features.ASKING`: one message never asks two of these, nor does one day."""
    group: Pair | None = None
    """It goes to the group DM of this pair instead of the person's own."""
    with_others: tuple[WorkingTime, ...] = ()
    """Whose working hours it keeps besides the person's own."""
    pair_id: int | None = None
    session_id: int | None = None
    question: str | None = None
    """The id of the question it asks."""
    about: int | None = None


@dataclass(frozen=True)
class Message:
    """What is sent: blocks for those who see, `text` with all of it for notifications and screen readers."""

    text: str
    blocks: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Fact:
    """Something that is believed about somebody, fit to show them, and from where it is known."""

    value: Any
    label: str
    origin: str
    """As in "the HR directory, 21 Nov"."""
    can_be_chosen: bool = True
    """Whether Slack's menu can begin with it: not with somebody who has no account."""
    is_their_word: bool = False
    """Nobody else says so: it is theirs to change."""


@dataclass(frozen=True)
class SignUp:
    """A sign-up under way, opened for the one who writes it."""

    draft: Draft
    programme: Programme
    kept: Mapping[str, Any]
    """The answers so far, as the draft keeps them."""
    facts: Mapping[str, Fact]
    """What is known of them from elsewhere, by the name of the answer."""


@dataclass(frozen=True)
class Wrote:
    """What somebody wrote to the bot, opened for them."""

    begun: Writing
    """The first message of it."""
    text: str
    kept: Written | None = None
    """What became of it; None while they are asked."""
    questions: Sequence[Nudge] = ()
    """Which of them it could answer, newest first."""


@dataclass(frozen=True)
class Telling:
    """What the builder of a message gets to know."""

    nudge: Nudge
    snapshot: Snapshot
    prompts: Prompts
    command: str
    actions: Sequence[Written] = field(default=())
    """The person's own open actions with this pair."""
    hopes: str | None = None
    """What they hoped for when they joined."""
    place_in_list: int = 0
    """How many are before them in the waiting list, themselves included; 0 where they are in none."""
    taken: Sequence[datetime] = field(default=())
    """When the two of the pair have talks already: no date is suggested then."""
    signup: SignUp | None = None
    """The sign-up by writing that it goes on with."""
    agreement: Mapping[str, str] | None = None
    """The words of the agreement it is about, or of the one that stands, by the name of the term."""
    said: str | None = None
    """What somebody wants passed on."""
    wrote: Wrote | None = None
    """What they wrote that it answers."""

    @property
    def partnership(self) -> Partnership:
        return next(each for each in self.snapshot.partnerships if each.pair.id == self.nudge.pair_id)

    @property
    def question(self) -> str | None:
        """What the nudge asks, in the words of the reader's side; None where it asks nothing, or nothing any more."""
        return self.prompts.question(self.nudge.question, self.partnership.mine.side)


Rule = Callable[[Snapshot], Sequence[Due]]
Builder = Callable[[Telling], Message]
