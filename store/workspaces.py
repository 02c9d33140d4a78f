"""The workspaces that installed the bot."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Db

from store.models import Workspace


def keep(db: Db, workspace_id: str, name: str, bot_user: str) -> Workspace:
    """Remembers the workspace as it is now; what it was told meanwhile stays."""
    known = db.get(Workspace, workspace_id) or _new(db, workspace_id)
    known.name, known.bot_user = name, bot_user
    db.flush()
    return known


def _new(db: Db, workspace_id: str) -> Workspace:
    try:
        with db.begin_nested():
            new = Workspace(id=workspace_id)
            db.add(new)
        return new
    except IntegrityError:
        return db.get_one(Workspace, workspace_id)  # another bot was first: two may start at once


def only(db: Db) -> str | None:
    """The one there is; None where there are several, or none yet."""
    found = db.scalars(select(Workspace.id).limit(2)).all()
    return found[0] if len(found) == 1 else None


def waits_until(db: Db, workspace_id: str) -> datetime | None:
    """Until when nothing is asked of Slack there, or was the last time."""
    return db.scalar(_WAITS_UNTIL, {"workspace": workspace_id})


_WAITS_UNTIL = select(Workspace.wait_until).where(
    Workspace.id == bindparam("workspace")
)  # made once: it is asked often


def is_waiting(db: Db, workspace_id: str, now: datetime) -> bool:
    until = waits_until(db, workspace_id)
    return until is not None and until > now


def wait(db: Db, workspace_id: str, until: datetime) -> None:
    """Slack is shut to us; whoever asks for longer wins."""
    db.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id, (Workspace.wait_until.is_(None)) | (Workspace.wait_until < until))
        .values(wait_until=until)
    )


def may_ask_who_rests(db: Db, workspace_id: str, now: datetime) -> bool:
    """Nothing is asked while Slack is shut to us, nor this before the moment until which it is left unasked."""
    known = db.execute(_UNASKED_UNTIL, {"workspace": workspace_id}).one_or_none()
    return all(until is None or until <= now for until in known or ())


_UNASKED_UNTIL = select(Workspace.rest_unasked_until, Workspace.wait_until).where(
    Workspace.id == bindparam("workspace")
)


def leave_rest_unasked(db: Db, workspace_id: str, until: datetime) -> None:
    """Slack doesn't say who has their notifications off: it isn't asked before then, on any replica."""
    db.execute(update(Workspace).where(Workspace.id == workspace_id).values(rest_unasked_until=until))


def profile_fields(db: Db, workspace_id: str) -> dict[str, Any]:
    """Which field of Slack's profiles is which of ours: our name to Slack's field id."""
    return dict(db.scalar(select(Workspace.profile_fields).where(Workspace.id == workspace_id)) or {})


def map_fields(db: Db, workspace_id: str, fields: Mapping[str, str]) -> None:
    db.execute(update(Workspace).where(Workspace.id == workspace_id).values(profile_fields=dict(fields)))
