"""Trouble asked for over HTTP, from this machine: one JSON object for one method of the Sandbox's."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.chances import Chances
from sandbox.faults import Plan
from sandbox.filling import CannotDo
from sandbox.records import Json
from sandbox.storms import Storm

if TYPE_CHECKING:
    from sandbox.box import Sandbox


def _seconds(told: Any) -> timedelta:
    return timedelta(seconds=float(told))


def _status(told: Any) -> int | str:
    return int(told) if isinstance(told, int) else str(told)


def _shares(told: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): float(share) for name, share in told.items()}


_METHOD: dict[str, Callable[[Any], Any]] = {"method": str, "times": int}
# What each takes; spans are in seconds.
TAKES: dict[str, dict[str, Callable[[Any], Any]]] = {
    "kill_at": _METHOD | {"point": str, "after": int},
    "fail_next": _METHOD | {"status": _status, "stored": bool, "retry_after": int},
    "storm": {"lasts": _seconds, "method": str, "retry_after": int, "share": float, "seed": int},
    "slow_next": _METHOD | {"stored": bool, "seconds": float},
    "release": {},
    "revoke": {"code": str},
    "restore": {},
    "random_faults": {"seed": int, "methods": list, "shares": _shares},
    "repeat_events": {"times": int},
    "delay_events": {"span": _seconds, "times": int},
    "reverse_events": {"count": int},
    "random_events": {"seed": int, "twice": float, "late": float, "delay": _seconds},
    "archive": {"channel": str},
    "unarchive": {"channel": str},
    "deactivate": {"who": str},
    "reactivate": {"who": str},
    "no_trouble": {},
}


def ask(box: "Sandbox", body: Json) -> Json:
    """Do it: `{"do": "fail_next", "method": "chat.postMessage", "status": 500}`."""
    name = str(body["do"])
    if name not in TAKES:
        raise CannotDo(f"{name} is none of {', '.join(TAKES)}")
    takes = TAKES[name]
    if unknown := set(body) - {"do"} - set(takes):
        raise CannotDo(f"{name} takes no {', '.join(sorted(unknown))}, but {', '.join(takes) or 'nothing'}")
    told = {key: takes[key](value) for key, value in body.items() if key != "do"}
    if name == "random_faults":
        box.random_faults(told["seed"], *map(str, told.get("methods", ())), **told.get("shares", {}))
    else:
        getattr(box, name)(**told)
    return shown(box)


def shown(box: "Sandbox") -> Json:
    """What is still to come, and what came of it so far."""
    return {
        "bots": [bot.is_running for bot in box.bots],
        "planned": [_plan(plan) for plan in box.planned()],
        "held": [{"method": held.method, "bot": held.bot, "is_stored": held.is_stored} for held in box.held],
        "kills": dict(box.kills),
        "broken_limits": [broken._asdict() | {"when": broken.when.isoformat()} for broken in box.broken_limits],
        "errors": [refused._asdict() | {"detail": str(refused.detail)} for refused in box.errors],
    }


def _plan(plan: Plan | Storm | Chances) -> Json:
    told = {field.name: getattr(plan, field.name) for field in fields(plan)}
    return {"kind": type(plan).__name__.lower()} | {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in told.items()
        if not callable(value)
    }
