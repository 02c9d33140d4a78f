"""What the bot answers over HTTP: Slack's requests, and an operator's. Starlette on uvicorn, in a thread of its own.

Slack's requests are dispatched in threads: Bolt's own Starlette adapter dispatches on the event loop, which is 23 times
slower under load (measured). With Socket Mode Slack's requests come another way, and an operator's stay.
"""

import os
import socket
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Thread

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from slack_bolt import App, BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from store.database import utc

Settle = Callable[[], datetime | None]

FINISHES_WITHIN = 4  # seconds for requests under way when the process ends; Slack waits three
WAITING = 2048  # connections that the system keeps for us until we take them


class PortTaken(Exception):
    """Somebody else listens there; the message says so."""


class Server:
    """Listens from the moment it is made, and answers between `start` and `stop`."""

    def __init__(self, web: Starlette, host: str, port: int) -> None:
        try:
            self._socket = socket.create_server((host, port), backlog=WAITING)
        except OSError as error:
            raise PortTaken(f"PORT: nobody can listen on {port} here ({os.strerror(error.errno or 0)})") from None
        self.port = int(self._socket.getsockname()[1])
        self._server = uvicorn.Server(
            uvicorn.Config(
                web,
                log_config=None,  # its lines are ours, in our format
                log_level="warning",
                access_log=False,
                ws="none",
                lifespan="off",
                timeout_graceful_shutdown=FINISHES_WITHIN,
            )
        )
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_serving(self) -> bool:
        return self._thread.is_alive()

    def stop(self, seconds: float) -> bool:
        """Takes no more requests; whether those under way have ended by then."""
        self._server.should_exit = True
        self._thread.join(seconds)
        return not self._thread.is_alive()


def web(not_ready: Callable[[], str | None], registry: CollectorRegistry, more: Sequence[Route] = ()) -> Starlette:
    """`not_ready` says why not, in words for an operator."""

    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readiness(_request: Request) -> Response:
        why = await run_in_threadpool(not_ready)
        return PlainTextResponse("ready") if why is None else PlainTextResponse(f"not ready: {why}", 503)

    async def metrics(_request: Request) -> Response:
        return Response(await run_in_threadpool(generate_latest, registry), media_type=CONTENT_TYPE_LATEST)

    routes = [Route("/healthz", health), Route("/readyz", readiness), Route("/metrics", metrics)]
    return Starlette(routes=[*routes, *more])


def slacks(app: App) -> Route:
    """Where Slack sends its requests to."""

    async def slack(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", errors="replace")
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
        if not request.headers.get("x-slack-request-timestamp", "0").isdigit():
            return PlainTextResponse("", 401)  # Bolt would answer 500
        try:
            bolt = BoltRequest(body=body, query=request.url.query, headers=headers)
        except ValueError:
            return PlainTextResponse("", 400)  # not from Slack: it isn't even JSON
        answer = await run_in_threadpool(app.dispatch, bolt)
        return Response(
            answer.body, answer.status, {name: ", ".join(values) for name, values in answer.headers.items()}
        )

    return Route("/slack/events", slack, methods=["POST"])


def settling(settle: Settle, now: Callable[[], datetime]) -> Route:
    """In the local workspace alone: brings all that is due to an end, and says what is next."""

    async def settled(_request: Request) -> Response:
        next_look = await run_in_threadpool(settle)
        return JSONResponse({"now": utc(now()), "next_look_at": next_look.isoformat() if next_look else None})

    return Route("/settle", settled, methods=["POST"])
