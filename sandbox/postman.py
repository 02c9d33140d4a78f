"""Events on their way to the bot: one by one, and again at once, after a minute and after five more."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from sandbox.delivery import Answer, NoAnswer
from sandbox.mishaps import Letter, Mishaps
from sandbox.records import Json

RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


class Postman:
    """Delivers events in a thread of its own, since the bot causes some while it waits for an answer itself.

    An event that fails is kept until its next try is due in the workspace's time. `bring_all`, for when the
    bot is back, tries the kept ones at once, which is sooner than Slack would.
    """

    def __init__(
        self,
        send: Callable[[Json, dict[str, str]], Answer],
        now: Callable[[], datetime],
        refused: Callable[..., None],
    ) -> None:
        self._send = send
        self._now = now
        self._refused = refused
        self._ready: deque[Letter] = deque()
        self._kept: list[Letter] = []
        self._mishaps = Mishaps()
        self._busy = False
        self._stopping = False
        self._changed = threading.Condition()
        self.lost: list[Json] = []
        self._thread = threading.Thread(target=self._work, name="postman", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def bring(self, body: Json) -> None:
        with self._changed:
            now = self._now()
            for letter in self._mishaps.befall(Letter(body, now)):
                (self._kept if letter.due > now else self._ready).append(letter)
            self._changed.notify_all()

    def meet(self, plan: Callable[[Mishaps], None]) -> None:
        """Plan what happens to the next events."""
        with self._changed:
            plan(self._mishaps)

    def bring_due(self) -> None:
        """Take up the kept events whose next try is due."""
        now = self._now()
        with self._changed:
            held_until = self._mishaps.let_go_due()
            if held_until is not None and held_until <= now:
                self._ready.extend(self._mishaps.let_go())
        self._take_up(lambda letter: letter.due <= now)

    def bring_all(self) -> None:
        with self._changed:
            self._ready.extend(self._mishaps.let_go())
        self._take_up(lambda _letter: True)

    def _take_up(self, wanted: Callable[[Letter], bool]) -> None:
        with self._changed:
            self._ready.extend(letter for letter in self._kept if wanted(letter))
            self._kept = [letter for letter in self._kept if letter not in self._ready]
            self._changed.notify_all()

    def next_due(self) -> datetime | None:
        with self._changed:
            moments = [letter.due for letter in self._kept] + [self._mishaps.let_go_due()]
            return min((moment for moment in moments if moment is not None), default=None)

    def wait_until_idle(self, at_most: float = 30.0) -> bool:
        """Wait until nothing is under way (kept events are not); False if it took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._ready and not self._busy, at_most)

    def is_idle(self) -> bool:
        with self._changed:
            return not self._ready and not self._busy

    def kept(self) -> list[Letter]:
        with self._changed:
            return [*self._ready, *self._mishaps.held, *self._kept]

    def keep(self, letters: list[Letter]) -> None:
        with self._changed:
            self._kept.extend(letters)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ready or self._stopping)
                if self._stopping:
                    return
                letter = self._ready.popleft()
                self._busy = True
            again = self._try(letter)
            with self._changed:
                if again is not None:
                    # The first retry is at once, and before any later event.
                    (self._ready.appendleft if again.due <= self._now() else self._kept.append)(again)
                self._busy = False
                self._changed.notify_all()

    def _try(self, letter: Letter) -> Letter | None:
        """Deliver it once; the letter again if it must be tried once more."""
        retry: dict[str, str] = {}
        if letter.tries:
            retry = {"X-Slack-Retry-Num": str(letter.tries), "X-Slack-Retry-Reason": letter.reason}
        try:
            answer = self._send(letter.body, retry)
        except NoAnswer as silence:
            letter.reason = str(silence)
        else:
            if answer.is_ok:
                return None
            letter.reason = "http_error"
            self._refused(f"event {letter.body['event']['type']}", answer)
            if answer.headers.get("x-slack-no-retry") == "1":
                return None
        if letter.tries >= len(RETRY_AFTER):
            self.lost.append(letter.body)
            return None
        letter.due = self._now() + RETRY_AFTER[letter.tries]
        letter.tries += 1
        return letter
