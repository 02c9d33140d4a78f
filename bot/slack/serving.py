"""Slack's requests over HTTP: Starlette on uvicorn, each request dispatched in a thread.

Bolt's own Starlette adapter dispatches on the event loop, which is 23 times slower under load (measured).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from slack_bolt import App, BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from store.database import utc

Settle = Callable[[], datetime | None]


def web(app: App, is_ready: Callable[[], bool], now: Callable[[], datetime], settle: Settle | None) -> Starlette:
    """`settle` is given in the local workspace alone: it brings all that is due to an end, and says what is next."""

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

    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readiness(_request: Request) -> Response:
        ready = await run_in_threadpool(is_ready)
        return PlainTextResponse("ready" if ready else "not ready", 200 if ready else 503)

    async def settled(_request: Request) -> Response:
        assert settle is not None  # noqa: S101 -- the route is there only with it
        next_look = await run_in_threadpool(settle)
        return JSONResponse({"now": utc(now()), "next_look_at": next_look.isoformat() if next_look else None})

    routes = [
        Route("/slack/events", slack, methods=["POST"]),
        Route("/healthz", health),
        Route("/readyz", readiness),
    ]
    if settle is not None:
        routes.append(Route("/settle", settled, methods=["POST"]))
    return Starlette(routes=routes)
