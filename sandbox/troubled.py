"""One call of a bot's as it comes in: Slack's answer, or the trouble that stands in its way."""

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from sandbox import limits
from sandbox.bot import Bot
from sandbox.faults import Failure, Kill, Slow
from sandbox.held import Held, HeldAnswer
from sandbox.limits import Broken
from sandbox.lines import Cut, LastAnswer
from sandbox.records import Json

if TYPE_CHECKING:
    from sandbox.desk import Desk

PAGE = "<html><body><h1>503 Service Unavailable</h1></body></html>"


def answer(desk: "Desk", number: int, method: str, args: Json, token: str) -> Response:
    """What the bot of this number gets: it is told to wait, or meets what was planned or left to chance, or neither."""
    desk.callers[number, method] += 1
    call = Called(desk, number, method, args, token)
    return call.told_to_wait() or call.met() or call.answered()


class Called:
    """A call that came in, and the ways it may end."""

    def __init__(self, desk: "Desk", number: int, method: str, args: Json, token: str) -> None:
        self.desk = desk
        self.number = number
        self.method = method
        self.args = args
        self.token = token
        self.channel = limits.target(desk.space, method, args)

    @property
    def bot(self) -> Bot:
        return self.desk.bots[self.number]

    def told_to_wait(self) -> Response | None:
        """A 429, while the method is shut, in a storm, or for a limit where limits are enforced."""
        desk, now = self.desk, self.desk.space.now()
        left, knew = desk.patience.left(self.method, now, self.channel)
        if left:
            if knew:
                desk.refuse(self.method, "called_too_early", {"seconds_left": left, "bot": self.number})
            return self._later(left)
        if storm := desk.storms.strike(self.method, now):
            return self._shut(storm.retry_after)
        broken = desk.counted.call(self.method, self.number)
        if broken is not None:
            desk.counted.note(broken)
        if desk.enforces and broken is None and self.channel:
            broken = desk.counted.message(self.method, self.channel, self.number)
            if broken is not None:
                desk.counted.note(broken)
        if desk.enforces and broken is not None:
            return self._shut(broken.wait, broken)
        desk.counted.called(self.method)
        return None

    def _shut(self, seconds: float, broken: Broken | None = None) -> Response:
        channel = broken.channel if broken else ""
        return self._later(self.desk.patience.shut(self.method, self.desk.space.now(), seconds, channel))

    def _later(self, seconds: int) -> Response:
        self._unstored()
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})

    def met(self) -> Response | None:
        """The trouble that was planned for this call, or that it meets by chance."""
        match self.desk.faults.befalls(self.method):
            case Kill() as kill:
                return self._killed(kill)
            case Failure() as failure:
                return self._failed(failure)
            case Slow() as slow:
                return self._held(slow)
            case _:
                return None

    def _killed(self, kill: Kill) -> Response:
        if kill.point == "before_storing":
            self._unstored()
            self.desk.kill(self.bot, kill)
            return Cut()
        told = self._store()
        if not told["ok"]:
            self.desk.faults.give_back(kill)
            return self._said(told)
        if kill.point == "after_storing":
            self.desk.kill(self.bot, kill)
            return Cut()
        last = LastAnswer(told, headers=self._headers())
        last.desk, last.bot, last.kill = self.desk, self.bot, kill
        return last

    def _failed(self, failure: Failure) -> Response:
        if failure.stored:
            self._store()
        else:
            self._unstored()
        match failure.status:
            case "reset":
                return Cut()
            case "html":
                return Response(PAGE, 503, media_type="text/html")
            case 429:
                if failure.shuts:
                    self.desk.patience.shut(self.method, self.desk.space.now(), failure.retry_after)
                headers = {"Retry-After": str(failure.retry_after)}
                return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)
            case int(status):
                return JSONResponse({"ok": False, "error": "internal_error"}, status)
            case code:
                return JSONResponse({"ok": False, "error": code})

    def _held(self, slow: Slow) -> Response:
        held = Held(self.method, self.args, self.number, self._store, stored=slow.stored)
        late = HeldAnswer()
        late.held, late.seconds, late.told = held, slow.seconds, self._headers()
        self.desk.faults.hold(held, slow.meanwhile)
        return late

    def answered(self) -> Response:
        return self._said(self._store())

    def _said(self, told: Json) -> Response:
        return JSONResponse(told, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(self.desk.manifest.scopes)}

    def _store(self) -> Json:
        return self.desk.answer(self.method, self.args, self.token, self.number)

    def _unstored(self) -> None:
        self.desk.calls.append((self.method, self.args))
