"""Connections with the bot that can be cut, and answers after which the bot is killed."""

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.bot import Bot
from sandbox.faults import Kill

if TYPE_CHECKING:
    from sandbox.desk import Desk

_lines: dict[tuple[str, int], asyncio.Transport] = {}


class Line(H11Protocol):
    """A connection that can be found again by its peer's address, to be cut."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client is not None:
            _lines[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self.client is not None:
            _lines.pop(self.client, None)
        super().connection_lost(exc)


class Cut(Response):
    """No answer at all: the connection is reset."""

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        transport = _lines.get(tuple(scope["client"]))
        if transport is not None:
            # With no time to linger the peer sees a reset, not an orderly end.
            raw: socket.socket = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        # Until it is lost, uvicorn would see a request without an answer and try to give one.
        while tuple(scope["client"]) in _lines:
            await asyncio.sleep(0)


class LastAnswer(JSONResponse):
    """An answer after which the bot is killed: all of it is in the bot's socket, and none was acted on.

    The bot is frozen before the first byte goes out and killed after the last one left our buffer.
    """

    desk: "Desk"
    bot: Bot
    kill: Kill

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bot.freeze()
        await super().__call__(scope, receive, send)
        transport = _lines.get(tuple(scope["client"]))
        while transport is not None and not transport.is_closing() and transport.get_write_buffer_size():
            await asyncio.sleep(0)
        self.desk.kill(self.bot, self.kill)
