"""The page and its JSON. Only a page of this very address may use it: Host and Origin are checked."""

import base64
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import plans
from sandbox.acting import BotDidNotAnswer
from sandbox.bot import BotDidNotStart
from sandbox.filling import CannotDo
from sandbox.records import Json, Message, View
from sandbox.state import state

if TYPE_CHECKING:
    from sandbox.box import Sandbox

PAGE = Path(__file__).with_name("page")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(box: "Sandbox") -> list[BaseRoute]:
    """Everything under / that is no part of Slack's Web API."""
    page = Page(box)
    listed: list[tuple[str, Endpoint, str]] = [
        ("/", page.static, "GET"),
        ("/ui/state", page.state, "GET"),
        ("/ui/act", page.act, "POST"),
        ("/ui/clock", page.clock, "POST"),
        ("/ui/bot", page.bot, "POST"),
        ("/ui/faults", page.faults, "GET"),
        ("/ui/faults", page.plan, "POST"),
        ("/files/{file}", page.download, "GET"),
        ("/{name}", page.static, "GET"),
    ]
    return [Route(path, page.guarded(endpoint), methods=[method]) for path, endpoint, method in listed]


class Page:
    """The endpoints of the page, each over a method of the Sandbox."""

    def __init__(self, box: "Sandbox") -> None:
        self._box = box

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        """Refuse what no page of this address sends, and give every answer the strict headers."""

        async def guard(request: Request) -> Response:
            answer = await endpoint(request) if self._is_ours(request) else Response("forbidden", 403)
            answer.headers.update(HEADERS)
            return answer

        return guard

    def _is_ours(self, request: Request) -> bool:
        port = self._box.server.port
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if host not in (f"127.0.0.1:{port}", f"localhost:{port}"):
            return False
        if request.method == "GET":
            return origin in (None, f"http://{host}")
        # A form of a strange page can post text, but neither JSON nor our Origin.
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        return origin == f"http://{host}" and kind == "application/json"

    async def static(self, request: Request) -> Response:
        name = request.path_params.get("name") or "index.html"
        file = PAGE / name
        if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name) or file.suffix not in TYPES or not file.is_file():
            return Response("not found", 404)
        return Response(file.read_bytes(), media_type=TYPES[file.suffix])

    async def state(self, request: Request) -> Response:
        name = request.query_params.get("as", "")
        if name and name not in self._box.people:
            return Response("nobody of that id", 404)
        told = state(self._box, name, request.query_params.get("rev"))
        return Response(status_code=204) if told is None else JSONResponse(told)

    async def act(self, request: Request) -> Response:
        return await self._done(request, self._act)

    async def clock(self, request: Request) -> Response:
        return await self._done(request, self._clock)

    async def bot(self, request: Request) -> Response:
        return await self._done(request, self._bot)

    async def faults(self, _request: Request) -> Response:
        return JSONResponse(plans.shown(self._box))

    async def plan(self, request: Request) -> Response:
        return await self._done(request, lambda body: plans.ask(self._box, body))

    async def _done(self, request: Request, do: Callable[[Json], Json]) -> Response:
        """Do it in a thread, since the bot calls back meanwhile; a mistake becomes a sentence."""
        try:
            body = await request.json()
            return JSONResponse({"ok": True} | await run_in_threadpool(do, body))
        except (CannotDo, BotDidNotStart) as mistake:
            return JSONResponse({"ok": False, "error": str(mistake)})
        except BotDidNotAnswer:
            return JSONResponse({"ok": False, "error": "The bot did not answer in time (operation_timeout)."})
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            return JSONResponse({"ok": False, "error": f"Not understood: {wrong!r}"}, 400)

    def _act(self, body: Json) -> Json:
        user, box = self._box.find(str(body["as"])), self._box
        answer: Json = {}
        match body["do"]:
            case "command":
                box.acting.command(user, body["channel"], body["text"])
            case "write":
                box.acting.write(user, body["channel"], body["text"], body.get("thread_ts"))
            case "rewrite":
                box.acting.rewrite(user, body["channel"], body["ts"], body["text"])
            case "take_back":
                box.acting.take_back(user, body["channel"], body["ts"])
            case "press":
                where = self._where(body)
                what = (body["block_id"], body["action_id"], body.get("chosen"), body.get("values"))
                box.acting.press(user, where, *what)
            case "submit":
                answer = {"errors": box.acting.submit(user, self._view(body["view"]), body["values"])}
            case "close":
                box.acting.close(user, self._view(body["view"]))
            case "home":
                box.acting.open_home(user)
            case "suggest":
                where, asked = self._where(body), (body["block_id"], body["action_id"], str(body["value"]))
                return box.acting.suggest(user, where, *asked)
            case "upload":
                content = base64.b64decode(body["content"], validate=True)
                return {"file": box.acting.upload(user, str(body["name"]), content)}
            case "read":
                box.read(user, body["channel"])
                return {}
            case other:
                raise CannotDo(f"nobody can {other}")
        box.settle()
        return {key: value for key, value in answer.items() if value}

    def _where(self, body: Json) -> View | Message:
        if "view" in body:
            return self._view(body["view"])
        channel, ts = body["message"]["channel"], body["message"]["ts"]
        with self._box.space.lock:
            place = self._box.space.conversations.get(channel)
            message = place.find(ts) if place else None
        if message is None:
            raise CannotDo("that message is gone")
        return message

    def _view(self, view_id: str) -> View:
        with self._box.space.lock:
            view = self._box.space.views.get(view_id)
        if view is None:
            raise CannotDo("that view is closed")
        return view

    def _clock(self, body: Json) -> Json:
        if body.get("next"):
            steps = int(self._box.advance_to_next() is not None)
        else:
            spans = {key: float(body[key]) for key in ("hours", "days", "weeks") if key in body}
            if not spans or sum(spans.values()) <= 0:
                raise CannotDo("the clock only moves forward")
            steps = self._box.advance(timedelta(**spans))
        return {"now": self._box.now.isoformat(), "steps": steps}

    def _bot(self, body: Json) -> Json:
        do: dict[str, Callable[[int | None], Any]] = {"kill": self._box.kill_bot, "start": self._box.start_bot}
        if body["do"] not in do:
            raise CannotDo("the bot can be killed or started")
        do[body["do"]](int(body["number"]) if "number" in body else None)
        return {}

    async def download(self, request: Request) -> Response:
        with self._box.space.lock:
            file = self._box.space.files.get(request.path_params["file"])
        if file is None or file.content is None or not file.shared:
            return Response("not found", 404)
        name = re.sub(r"[^\w.-]", "_", file.name, flags=re.ASCII)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(file.content, media_type="application/octet-stream", headers=headers)
