"""Time in the workspace: it moves from one due moment to the next, and waits there until the bot is idle."""

from datetime import UTC, datetime, timedelta

from sandbox import delivery
from sandbox.bot import Bot
from sandbox.bots import at_once
from sandbox.delivery import NoAnswer
from sandbox.desk import DIES_WITHIN, Desk

SETTLES_WITHIN = 60.0
LEAST_STEP = timedelta(seconds=1)
A_MOMENT = timedelta(seconds=5)
MOST_MOMENTS = 30  # of a bot that always wants to look again: then it is the clock's turn
MOST_RESTARTS = 100  # of bots that die again and again


class Moving(Desk):
    """The clock's steps. A week ahead is not a week of downtime."""

    @property
    def now(self) -> datetime:
        return self.space.now()

    def settle(self) -> datetime | None:
        """Wait until every bot that runs has done all that there is to do now; when the first wants to look again.

        What it wants to do in a moment is waited for by moving the clock: nobody has to sleep for a message that
        comes a second after another. Where bots that died are started again, that is done first.
        """
        look = self._settle_all()
        for _ in range(MOST_MOMENTS):
            if look is None or look > self.now + A_MOMENT:
                break
            self.space.clock.set(max(look, self.now))
            look = self._settle_all()
        return look

    def _settle_all(self) -> datetime | None:
        look = self._settle()
        for _ in range(MOST_RESTARTS if self.restarts else 0):
            down = [bot for bot in self.bots if not bot.is_running]
            if not down:
                return look
            at_once(lambda bot: bot.start(), down)
            self.postman.bring_all()
            look = self._settle()
        return look

    def _settle(self) -> datetime | None:
        """Several are asked at the same time, so that they meet at what is due, and again until none calls Slack."""
        self.postman.wait_until_idle()
        while running := self.bots.running():
            calls = len(self.calls)
            told = at_once(self._settled, running)
            if not all(answer is not None or not bot.is_running for bot, answer in zip(running, told, strict=True)):
                break
            # What a bot just did may have caused events, and those more to do, perhaps for another one.
            alone = len(running) == 1 and told != [None]
            if self.postman.is_idle() and (alone or len(self.calls) == calls):
                return min((look for answer in told for look in answer or []), default=None)
            self.postman.wait_until_idle()
        self.note_crash()
        self.postman.wait_until_idle()
        return None

    def _settled(self, bot: Bot) -> list[datetime] | None:
        """When this one wants to look again, if ever, once it is idle; None if it does not say."""
        try:
            answer = delivery.post(bot.port, "/settle", "", {}, SETTLES_WITHIN)
        except NoAnswer as silence:
            self.note_crash(DIES_WITHIN, bot)
            if bot.is_running:
                self.refuse("/settle", str(silence), "")
            return None
        if not answer.is_ok:
            self.refuse("/settle", f"http_{answer.status}", answer.body[:300])
            return None
        told = (answer.json() or {}).get("next_look_at")
        return [datetime.fromisoformat(told).astimezone(UTC)] if told else []

    def advance(self, span: timedelta) -> int:
        return self.advance_to(self.now + span)

    def advance_to(self, target: datetime) -> int:
        """Move on to this moment, from one due moment to the next; how many steps it took."""
        steps = 0
        while self.now < target:
            following = self._next_moment()
            self._step(min(target, following) if following else target)
            steps += 1
        return steps

    def advance_to_next(self) -> datetime | None:
        """Move on to the next moment when something is due; None if nothing ever is."""
        following = self._next_moment()
        if following is not None:
            self._step(following)
        return following

    def _next_moment(self) -> datetime | None:
        wanted = [moment for moment in (self.settle(), self.postman.next_due()) if moment is not None]
        # Each step goes forward, even if the bot would look again at once.
        return max(min(wanted), self.now + LEAST_STEP) if wanted else None

    def _step(self, moment: datetime) -> None:
        # The real time flows on meanwhile, so that a step may find its moment just past.
        self.space.clock.set(max(moment, self.now))
        self.space.changed()
        self.postman.bring_due()
        self.settle()
