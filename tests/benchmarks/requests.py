"""Signed slash commands at 50 connections: our way of serving Bolt, beside Bolt's own Starlette adapter.

    python -m tests.benchmarks.requests [--requests 2000]

Both serve the same app in the same run: it checks the signature, acknowledges, and reads from a SQLite store, as every
listener does. The last line is one JSON object; `ratio` is how many times more requests a second ours answers.
"""

import argparse
import asyncio
import json
import logging
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

import uvicorn
from cryptography.fernet import Fernet, MultiFernet
from prometheus_client import CollectorRegistry
from slack_bolt import Ack, App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.slack import serving
from bot.threads import Listeners
from store import workspaces
from store.database import Store
from tests.benchmarks._measured import commit

CONNECTIONS = 50
SECRET = "a secret of this benchmark"
TEAM = "T0BENCH"
KEY = "dGhpcyBrZXkgaXMgZm9yIGEgYmVuY2htYXJrIG9ubHk="
ROOT = Path(__file__).parents[2]


def bolt(store: Store) -> App:
    """An app with one command that asks no Slack who it is."""
    known = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-bench", bot_user_id="U0BOT")
    app = App(
        authorize=lambda: known,
        signing_secret=SECRET,
        listener_executor=Listeners(20, ended=lambda: None),
    )

    def answer(ack: Ack) -> None:
        with store.read() as db:
            db.get(workspaces.Workspace, TEAM)
        ack("Here is what you can type.")

    app.command("/flipside")(answer)
    return app


def ours(app: App) -> Starlette:
    return serving.web(lambda: None, CollectorRegistry(), [serving.slacks(app)])


def adapter(app: App) -> Starlette:
    """As Bolt's documentation has it."""
    handler = SlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


WAYS = {"adapter": adapter, "ours": ours}


def serve(way: str, port: int, database: str) -> None:
    """The server is a process of its own, as in life: it doesn't share Python's lock with those who ask."""
    logging.disable(logging.CRITICAL)
    store = Store(database, MultiFernet([Fernet(KEY)]), connections=22)
    uvicorn.run(WAYS[way](bolt(store)), port=port, log_level="critical")


@contextmanager
def served(way: str, database: str) -> Iterator[int]:
    port = _free_port()
    command = [sys.executable, "-m", "tests.benchmarks.requests", "--serve", way, str(port), database]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def measure(port: int, requests: int) -> tuple[float, float]:
    """Requests a second, and the time within which 99 of 100 are answered, in milliseconds."""
    with ThreadPoolExecutor(1) as alone:  # whoever measures may have an event loop already
        return alone.submit(lambda: asyncio.run(_measure(port, requests))).result()


async def _measure(port: int, requests: int) -> tuple[float, float]:
    await _until_up(port)
    begun = time.perf_counter()
    streams = await asyncio.gather(*(_stream(port, requests // CONNECTIONS) for _ in range(CONNECTIONS)))
    took = [each for stream in streams for each in stream]
    return len(took) / (time.perf_counter() - begun), quantiles(took, n=100)[98] * 1000


async def _until_up(port: int) -> None:
    for _ in range(500):
        try:
            await _stream(port, 1)
            return
        except OSError:
            await asyncio.sleep(0.02)
    raise RuntimeError("the server did not come up")


async def _stream(port: int, requests: int) -> list[float]:
    """How long each of these took, one after the other on one connection.

    Bare sockets: an HTTP library would spend more time asking than the server does answering.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took = []
    for _ in range(requests):
        begun = time.perf_counter()
        writer.write(_request())
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(re.findall(rb"content-length: (\d+)", head.lower())[0]))
        took.append(time.perf_counter() - begun)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.splitlines()[0].decode())
    writer.close()
    return took


def _request() -> bytes:
    body = f"command=%2Fflipside&text=help&team_id={TEAM}&user_id=U1&trigger_id=1&channel_id=D1"
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    head = [
        "POST /slack/events HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: {signature}",
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def run(requests: int) -> dict[str, float | int | str]:
    """Measures both ways, one after the other, on one database."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/bench.db"
        store = Store(database, MultiFernet([Fernet(KEY)]))
        store.migrate()
        store.close()
        results = {}
        for way in WAYS:
            with served(way, database) as port:
                results[way] = measure(port, requests)
    print(f"{'way':10} {'requests/s':>10} {'p99 ms':>8}")  # noqa: T201 -- the table is what a benchmark is for
    for name, (rate, slowest) in results.items():
        print(f"{name:10} {rate:10.0f} {slowest:8.1f}")  # noqa: T201
    return {
        "requests": requests,
        "connections": CONNECTIONS,
        "ours_per_second": round(results["ours"][0], 1),
        "adapter_per_second": round(results["adapter"][0], 1),
        "ratio": round(results["ours"][0] / results["adapter"][0], 2),
        "commit": commit(),
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=2000)
    options.add_argument("--serve", nargs=3, metavar=("WAY", "PORT", "DATABASE"), help="what the benchmark starts")
    asked = options.parse_args()
    if asked.serve:
        serve(asked.serve[0], int(asked.serve[1]), asked.serve[2])
    else:
        print(json.dumps(run(asked.requests)))  # noqa: T201
