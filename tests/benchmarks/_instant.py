"""A Slack that takes every message and answers at once, in a process of its own: what it costs is what asking costs."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def instant() -> Iterator[str]:
    """Its address, as SLACK_API_URL wants it."""
    command = [sys.executable, "-m", "tests.benchmarks._instant"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/api/"
        finally:
            process.kill()  # else whoever fails beside it waits for it for ever


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request on each connection, as the SDK makes them."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    await reader.readexactly(length)
    asked = head.split(b" ", 2)[1]
    if asked.endswith(b"chat.postMessage"):
        answer.count += 1  # type: ignore[attr-defined]
        said = b'{"ok":true,"channel":"D0SOMEBODY","ts":"%d.000001"}' % answer.count  # type: ignore[attr-defined]
    else:
        said = b'{"ok":false,"error":"missing_scope"}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    writer.write(head % len(said) + said)
    await writer.drain()
    writer.close()


async def serve() -> None:
    answer.count = 0  # type: ignore[attr-defined]
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 -- whoever started it reads where it is
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
