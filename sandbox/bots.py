"""Several bots on one workspace: whose turn it is with Slack's load balancer, and all of them at once."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sandbox.bot import Bot

R = TypeVar("R")


class Bots:
    """The bots of a workspace, by number from 1 on. Most workspaces have one."""

    def __init__(self, every: list[Bot], turns: int | None = None) -> None:
        self._every = every
        self._chance = None if turns is None else random.Random(turns)  # noqa: S311
        self._turns: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Bot]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)

    def __getitem__(self, number: int) -> Bot:
        if not 1 <= number <= len(self._every):
            raise ValueError(f"there is no bot {number}, but {len(self._every)} in all")
        return self._every[number - 1]

    def replace(self, number: int, bot: Bot) -> None:
        """Put something else in the place of this one, such as a bot that only listens."""
        self._every[number - 1] = bot

    def chosen(self, number: int | None) -> list[Bot]:
        """This one; without a number all of them."""
        return list(self._every) if number is None else [self[number]]

    def running(self) -> list[Bot]:
        return [bot for bot in self._every if bot.is_running]

    def next(self, what: str = "") -> Bot | None:
        """The one to bring the next request of this kind to, in turn or by chance; None if all of them are down.

        Those that are down are passed over. Each kind has turns of its own, since an act is often followed by an event.
        """
        with self._lock:
            able = [bot for bot in self._every if bot.listens]
            if not able:
                return None
            self._turns[what] += 1
            return able[self._turns[what] % len(able)] if self._chance is None else self._chance.choice(able)


def at_once(do: Callable[[Bot], R], bots: list[Bot]) -> list[R]:
    """Do it with each of them at the same time; what came of it. What one raises is raised when all have ended."""
    if len(bots) < 2:
        return [do(bot) for bot in bots]
    with ThreadPoolExecutor(len(bots)) as threads:
        return list(threads.map(do, bots))
