"""Each person and each pair has a key of their own; what they write can be read with it alone.

The data key lies in the database, wrapped by the master keys (`FLIPSIDE_KEYS`). Destroying its row destroys
all that it sealed, in the file and in every later copy. Whoever has the database and the master keys can read.
"""

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.models import DataKey, Holder


class Unreadable(Exception):
    """What was sealed can't be opened: its key was destroyed, or the master keys are not the ones it needs."""


def seal(db: Session, holder: Holder, holder_id: int, text: str) -> bytes:
    return _key(db, holder, holder_id).encrypt(text.encode())


def unseal(db: Session, holder: Holder, holder_id: int, sealed: bytes) -> str:
    row = _find(db, holder, holder_id)
    if row is None:
        raise Unreadable(f"the key of {holder} {holder_id} is gone")
    try:
        return Fernet(db.info["keys"].decrypt(row.wrapped)).decrypt(sealed).decode()
    except InvalidToken:
        raise Unreadable(f"FLIPSIDE_KEYS does not open the key of {holder} {holder_id}") from None


def destroy(db: Session, holder: Holder, holder_id: int) -> None:
    db.execute(delete(DataKey).where(DataKey.holder == holder, DataKey.holder_id == holder_id))


def _find(db: Session, holder: Holder, holder_id: int) -> DataKey | None:
    return db.scalar(select(DataKey).where(DataKey.holder == holder, DataKey.holder_id == holder_id))


def _key(db: Session, holder: Holder, holder_id: int) -> Fernet:
    """The holder's key, made at its first use."""
    row = _find(db, holder, holder_id)
    if row is None:
        row = DataKey(holder=holder, holder_id=holder_id, wrapped=db.info["keys"].encrypt(Fernet.generate_key()))
        db.add(row)
        db.flush()
    try:
        return Fernet(db.info["keys"].decrypt(row.wrapped))
    except InvalidToken:
        raise Unreadable(f"FLIPSIDE_KEYS does not open the key of {holder} {holder_id}") from None
