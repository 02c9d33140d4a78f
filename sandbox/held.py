"""Answers that are held back, until a test lets them go or the bot gives up waiting."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from sandbox.records import Json


class Held:
    """A call whose answer is held back; `store` does what was asked and gives Slack's answer."""

    def __init__(self, method: str, args: Json, bot: int, store: Callable[[], Json], *, stored: bool) -> None:
        self.method = method
        self.args = args
        self.bot = bot
        self.given_up = threading.Event()
        """Set once the bot has closed the connection: by its own time limit, or because it died."""
        self._lock = threading.Lock()
        self._store = store
        self._told: Json | None = store() if stored else None
        self.is_released = False
        self._then: Callable[[], object] = lambda: None

    @property
    def is_stored(self) -> bool:
        return self._told is not None

    def release(self) -> Json:
        """Answer now, if the bot still waits. What was not stored yet is stored, also if it waits no more."""
        with self._lock:
            if self._told is None:
                self._told = self._store()
            self.is_released = True
            self._then()
            return self._told

    def on_release(self, then: Callable[[], object]) -> None:
        """Do this then; at once, if it was released."""
        with self._lock:
            self._then = then
            if self.is_released:
                then()


class HeldAnswer(Response):
    """The answer to such a call: not before it is released, or after so many seconds; none if the bot gave up."""

    held: Held
    seconds: float | None = None
    told: dict[str, str]
    """The headers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        released, loop = asyncio.Event(), asyncio.get_running_loop()
        self.held.on_release(lambda: loop.call_soon_threadsafe(released.set))
        gone = asyncio.ensure_future(self._gone(receive))
        waiting = asyncio.ensure_future(released.wait())
        await asyncio.wait((gone, waiting), timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self.held.on_release(lambda: None)
            self.held.given_up.set()
        else:
            await JSONResponse(self.held.release(), headers=self.told)(scope, receive, send)
        for task in (gone, waiting):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
