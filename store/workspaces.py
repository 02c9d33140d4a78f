"""The workspaces that installed the bot."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Db

from store.models import Workspace


def keep(db: Db, workspace_id: str, name: str, bot_user: str) -> Workspace:
    """Remembers the workspace as it is now."""
    return db.merge(_with(db.get(Workspace, workspace_id), workspace_id, name, bot_user))


def _with(known: Workspace | None, workspace_id: str, name: str, bot_user: str) -> Workspace:
    wait_until = known.wait_until if known else None
    return Workspace(id=workspace_id, name=name, bot_user=bot_user, wait_until=wait_until)


def is_waiting(db: Db, workspace_id: str, now: datetime) -> bool:
    until = db.scalar(select(Workspace.wait_until).where(Workspace.id == workspace_id))
    return until is not None and until > now


def wait(db: Db, workspace_id: str, until: datetime) -> None:
    """Slack asked for quiet; whoever asks for longer wins."""
    db.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id, (Workspace.wait_until.is_(None)) | (Workspace.wait_until < until))
        .values(wait_until=until)
    )
