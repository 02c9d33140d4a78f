"""Trouble as a test or the page asks for it: with the bots, with Slack's answers, with its limits, with events.

Faults here are the real thing as the bot meets it: a SIGKILL, a reset connection, a 429 that has to be honoured.
Trouble that was asked for is no entry of `errors`; what the bot does wrong because of it is.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.chances import Chances
from sandbox.faults import ANY, Failure, Kill, Plan, Point, Slow
from sandbox.held import Held
from sandbox.limits import CROWDED, Broken
from sandbox.mishaps import EventChances
from sandbox.seeing import Seeing
from sandbox.storms import Storm

HELD_WITHIN = 30.0


class Troubling(Seeing):
    """What can go wrong between Slack and the bot. A `method` may be `"*"`: any."""

    def kill_at(self, point: Point, method: str = "chat.postMessage", times: int = 1, after: int = 0) -> None:
        """Kill the bot at this point of the next calls that Slack would take, when so many more were taken.

        `before_storing`: nothing was stored, the connection is cut. `after_storing`: it was stored, but not
        answered. `after_answering`: the whole answer is in the bot's socket; the bot has acted on none of it.
        Of several bots the one that made the call dies. `start_bot()` starts those again that are down; with
        `Sandbox(..., restarts=True)` that happens by itself, before the act or the step of the clock ends. Without it
        time moves on with nobody there, once all are down.
        """
        self.faults.plan(Kill(method, times, point, after))

    def fail_next(
        self,
        method: str,
        status: int | str = 500,
        stored: bool = False,
        retry_after: int = 30,
        times: int = 1,
    ) -> None:
        """Make the next calls fail: an HTTP status, "reset", "html" (503 with a page), or a code of Slack's.

        With `stored` Slack has done it nevertheless. A 429 is one answer only; `storm` shuts the method.
        """
        self.faults.plan(Failure(method, times, status, stored, retry_after))

    def storm(
        self,
        lasts: timedelta,
        method: str = ANY,
        retry_after: int = 30,
        share: float = 1.0,
        seed: int = 1,
    ) -> None:
        """For so long, in the workspace's time, answer 429 to calls, or to a share of them that the seed decides.

        Each 429 shuts its method for `retry_after` seconds, for all bots, as Slack's does. A call before they are over
        is answered 429 again and noted in `errors` as `called_too_early`; in the first second it is not noted, since
        it may have been on its way.
        """
        self.storms.begin(Storm(method, self.now + lasts, retry_after, share, seed))

    def slow_next(
        self,
        method: str = "chat.postMessage",
        *,
        stored: bool = True,
        times: int = 1,
        seconds: float | None = None,
        meanwhile: Callable[[], object] | None = None,
    ) -> None:
        """Hold the next answers back: until `release`, until so many real seconds are over, or, with `meanwhile`,
        until that was done, which happens in a thread of its own and must not wait for the bot.

        With none of these, or if the seconds are more than the bot waits, the bot gives up. What was asked is stored at
        once; with `stored=False` only when it is released, which may be after the bot has given up, and even after
        it has looked whether it is there. Never released, it is never stored.
        """
        self.faults.plan(Slow(method, times, stored, seconds, meanwhile))

    @property
    def held(self) -> list[Held]:
        """The calls whose answers are held back, and those that the bot gave up and nobody released."""
        return self.faults.held()

    def wait_until_held(self, at_most: float = HELD_WITHIN) -> Held:
        """Wait until a call is held back; the newest such call."""
        return self.faults.wait_until_held(at_most)

    def release(self) -> None:
        """Store and answer everything that is held back; a bot that gave up hears nothing of it."""
        for held in self.held:
            held.release()

    def revoke(self, code: str = "token_revoked") -> None:
        """From now on Slack refuses the bot's token in every call (or `account_inactive`), until `restore`."""
        self.restore()
        self.faults.plan(Failure(ANY, None, code))

    def restore(self) -> None:
        """The token is good again."""
        for plan in self.faults.planned():
            if isinstance(plan, Failure) and plan.times is None:
                self.faults.forget(plan)

    def random_faults(self, seed: int, *methods: str, **shares: Any) -> Chances:
        """Leave trouble to chance: `box.random_faults(7, "chat.postMessage", before_storing=0.05, reset=0.1)`.

        Of these methods; of `chat.postMessage` if none is given, and with `"*"` of all but `auth.test`.

        The shares of calls, each 0 unless it is given, are `before_storing`, `after_storing` and `after_answering`
        (kills), `reset`, `error` (500), `html`, `too_many` (429, which shuts the method for `retry_after` seconds) and
        `slow` (for `slow_seconds` real ones); of the resets, errors and pages a share of `stored` is stored
        nevertheless, and of the slow ones at once.

        The answer knows what was `met`; its `decide(method, number)` says what the n-th call of a method meets, which
        depends on the seed alone, so that a run can be told again. It goes on until `no_trouble`.
        """
        self.faults.chances = Chances(seed, methods or ("chat.postMessage",), **shares)
        return self.faults.chances

    @property
    def kills(self) -> Counter[str]:
        """How often a bot was really killed, by point."""
        return self.faults.kills

    # Slack's limits

    @property
    def broken_limits(self) -> list[Broken]:
        """Every call that went beyond one of Slack's limits, in the workspace's time: which limit, which call of which
        bot, when, and how long it should have waited.
        """
        return list(self.counted.broken)

    @property
    def crowded(self) -> list[Broken]:
        """Those of them that were more than a message a second into one channel."""
        return [broken for broken in self.broken_limits if broken.limit == CROWDED]

    # Events

    def repeat_events(self, times: int = 1) -> None:
        """Deliver each of the next events twice, one after the other; of several bots another may get the second."""
        self.postman.meet(lambda mishaps: mishaps.repeat(times))

    def delay_events(self, span: timedelta, times: int = 1) -> None:
        """Deliver each of the next events so much later, in the workspace's time."""
        self.postman.meet(lambda mishaps: mishaps.delay(span, times))

    def reverse_events(self, count: int = 2) -> None:
        """Hold the next events until there are so many, then deliver them in reverse order.

        After half a minute of the workspace's time those that are held go, though fewer came.
        """
        self.postman.meet(lambda mishaps: mishaps.turn_round(count))

    def random_events(
        self, seed: int, *, twice: float = 0.0, late: float = 0.0, delay: timedelta = timedelta(minutes=1)
    ) -> EventChances:
        """Leave to chance which share of events comes twice and which late, until `no_trouble`.

        The answer's `decide(number)` says it of the n-th event.
        """
        chances = EventChances(seed, twice, late, delay)
        self.postman.meet(lambda mishaps: mishaps.leave_to(chances))
        return chances

    # All of it

    def planned(self) -> list[Plan | Storm | Chances]:
        """What is still to come of what was asked for."""
        return [*self.faults.planned(), *self.storms.raging(self.now), *filter(None, [self.faults.chances])]

    def no_trouble(self) -> None:
        """Take back everything that was asked for and has not happened yet; who was told to wait may call, and who
        still waits for an answer gets it.
        """
        self.faults.forget()
        self.storms.forget()
        self.patience.forget()
        self.postman.meet(lambda mishaps: mishaps.forget())
        self.faults.let_go()
