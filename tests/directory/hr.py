"""A company's HR directory: scim2-server over HTTP, and somebody of HR who works with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """What was asked is no news."""


class Hr:
    """What somebody of HR does in it."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        self._http = httpx.Client(base_url=url, headers=headers)

    def hire(self, name: str, *, manager: str | None = None, department: str | None = None, **more: Any) -> str:
        """Adds somebody; the server's id of them."""
        extension: dict[str, Any] = {"department": department} if department else {}
        if manager:
            extension["manager"] = {"value": manager}
        told = {
            "schemas": [CORE, ENTERPRISE],
            "userName": f"{name.lower()}@tidewell.example",
            "displayName": name,
            "active": True,
            "emails": [{"value": f"{name}@Tidewell.Example", "type": "work", "primary": True}],
            ENTERPRISE: extension,
        } | more
        answer = self._http.post("/Users", json=told)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def change(self, user: str, **changes: Any) -> None:
        operations = [{"op": "replace", "path": path, "value": value} for path, value in changes.items()]
        told = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}
        assert self._http.patch(f"/Users/{user}", json=told).is_success

    def enterprise(self, user: str, *, manager: str) -> None:
        self.change(user, **{f"{ENTERPRISE}:manager": {"value": manager}})

    def fire(self, user: str) -> None:
        assert self._http.delete(f"/Users/{user}").status_code == 204


@contextmanager
def serve(token: str) -> Iterator[Hr]:
    # What takes a second to import is left alone by those who need no such server.
    from scim2_server.memory import InMemoryStorage
    from scim2_server.testserver.application import BearerTokenApplication

    app = BearerTokenApplication(InMemoryStorage(), _provider(), bearer_tokens=[token])
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield Hr(f"http://127.0.0.1:{server.server_port}", token)
    finally:
        server.shutdown()
        server.server_close()


@cache
def _provider() -> Any:
    """What the server knows of SCIM, which is the same for all."""
    from scim2_server.utils import load_default_provider

    return load_default_provider()
