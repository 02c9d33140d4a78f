"""The HTTP side of the workspace: Slack's Web API, uploads, response urls, and the page."""

import asyncio
import json
import socket
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.lines import Line
from sandbox.troubled import answer

if TYPE_CHECKING:
    from sandbox.desk import Desk


class Unreadable(Exception):
    """A body that is no JSON object though it says so; its text is Slack's code."""


class Server:
    """uvicorn in a thread, on an address of this machine only."""

    def __init__(self, desk: "Desk", port: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            web(desk),
            http=Line,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
        )
        self._server = _Prompt(config)
        self._thread = threading.Thread(target=self._run, name="workspace", daemon=True)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        self._thread.start()
        if not self._server.listening.wait(10):
            raise RuntimeError("the local workspace did not start to listen")

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.end()
            self._thread.join(timeout=5)
        self._socket.close()


class _Prompt(uvicorn.Server):
    """uvicorn that says when it listens and ends at once: its own loop looks for that ten times a second only.

    When it ends, the bot has ended before, and the page asks again by itself: there is nobody to wait for.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.listening.set()

    async def main_loop(self) -> None:
        await self._ended.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for one in sockets or []:
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()

    def end(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._ended.set)


def web(desk: "Desk") -> Starlette:
    """The routes. The Web API answers on the event loop, since it only looks into memory."""

    async def api(request: Request) -> Response:
        try:
            args, token = await arguments(request)
        except Unreadable as body:
            return JSONResponse({"ok": False, "error": str(body)})
        number = request.path_params.get("number", 1)
        if number > len(desk.bots):
            return Response("not found", 404)
        return answer(desk, number, request.path_params["method"], args, token)

    async def upload(request: Request) -> Response:
        body = await request.body()
        known = desk.take_upload(request.path_params["file"], _file_part(request, body))
        return Response("OK" if known else "not found", 200 if known else 404)

    async def private_file(request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        content = desk.private_file(request.path_params["file"].rpartition("-")[2], token)
        if content is None:  # to whoever may not see it, Slack shows where to sign in
            return RedirectResponse(f"{desk.url}/signin", 302)
        return Response(content, media_type="application/octet-stream")

    async def sign_in(_request: Request) -> Response:
        return Response("<!DOCTYPE html><html><body>Sign in to Tidewell</body></html>", media_type="text/html")

    async def respond(request: Request) -> Response:
        args, _ = await arguments(request)
        refusal = desk.take_response(request.path_params["url"], args)
        return JSONResponse({"ok": False, "error": refusal}, 404) if refusal else JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/api/{method}", api, methods=["GET", "POST"]),
            Route("/bot{number:int}/api/{method}", api, methods=["GET", "POST"]),
            Route("/upload/{file}", upload, methods=["POST", "PUT"]),
            Route("/respond/{url}", respond, methods=["POST"]),
            Route("/files-pri/{file}/{name}", private_file),
            Route("/files-pri/{file}/download/{name}", private_file),
            Route("/signin", sign_in),
            *desk.page_routes(),
        ],
        exception_handlers={ClientDisconnect: _unheard},
    )


async def _unheard(_request: Request, _gone: Exception) -> Response:
    """A bot died in the middle of its words: there is nobody to answer."""
    return Response(status_code=400)


async def arguments(request: Request) -> tuple[dict[str, Any], str]:
    """Arguments out of the query and a form or JSON body, and the token."""
    args: dict[str, Any] = dict(request.query_params)
    body = (await request.body()).decode("utf-8", "replace")
    if "json" in request.headers.get("content-type", ""):
        try:
            told = json.loads(body or "{}")
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise Unreadable("invalid_json" if told is None else "json_not_object")
        args |= told
    else:
        args |= dict(parse_qsl(body, keep_blank_values=True))
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return args, str(args.pop("token", "") or bearer)


def _file_part(request: Request, body: bytes) -> bytes:
    """The bytes of an upload: the body itself, or the first part of a multipart one."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return body
    boundary = kind.partition("boundary=")[2].strip('"').encode()
    part = body.split(b"--" + boundary)[1]
    return part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
