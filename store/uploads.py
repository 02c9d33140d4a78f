"""Files of people that coordinators sent in Slack."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from store.models import DirectoryUpload


def find(db: Db, workspace_id: str, upload_id: int) -> DirectoryUpload | None:
    return db.scalar(
        select(DirectoryUpload).where(DirectoryUpload.workspace_id == workspace_id, DirectoryUpload.id == upload_id)
    )


def lock(db: Db, workspace_id: str, upload_id: int) -> DirectoryUpload | None:
    """To be changed: a second press of the same button waits for the first. (SQLite has one writer anyway.)"""
    return db.scalar(
        select(DirectoryUpload)
        .where(DirectoryUpload.workspace_id == workspace_id, DirectoryUpload.id == upload_id)
        .with_for_update()
    )


def of_person(db: Db, person_id: int) -> Sequence[DirectoryUpload]:
    return db.scalars(
        select(DirectoryUpload).where(DirectoryUpload.person_id == person_id).order_by(DirectoryUpload.id)
    ).all()
