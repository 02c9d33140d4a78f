"""What people write is sealed with keys of their own: unreadable in the file, and for ever once the key is gone."""

import base64
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, MultiFernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import keys, notes
from store.database import Store
from store.keys import Unreadable
from store.models import Holder
from tests.store.kept import keep

OLD, NEW = Fernet(Fernet.generate_key()), Fernet(Fernet.generate_key())
SECRET = "I would rather not meet Marcus, über­haupt"


@pytest.fixture
def url(databases: Any) -> str:
    return str(databases.make("sqlite", with_people=False))


@pytest.fixture
def file(url: str) -> Iterator[Store]:
    opened = Store(url, MultiFernet([OLD]))
    yield opened
    opened.close()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=500), holder=st.sampled_from(Holder))
def test_what_was_sealed_opens_as_it_was(file: Store, text: str, holder: Holder) -> None:
    with file.begin() as db:
        sealed = keys.seal(db, holder, 1, text)

        assert keys.unseal(db, holder, 1, sealed) == text


def test_each_has_one_key_and_all_they_wrote_opens_with_it(store: Store) -> None:
    with store.begin() as db:
        first = keys.seal(db, Holder.PERSON, 1, "one")
    with store.begin() as db:
        second = keys.seal(db, Holder.PERSON, 1, "two")

    with store.read() as db:
        assert [keys.unseal(db, Holder.PERSON, 1, sealed) for sealed in (first, second)] == ["one", "two"]


@pytest.mark.parametrize(("holder", "holder_id"), [(Holder.PERSON, 2), (Holder.PAIR, 1)])
def test_nobody_elses_key_opens_it(store: Store, holder: Holder, holder_id: int) -> None:
    with store.begin() as db:
        sealed = keys.seal(db, Holder.PERSON, 1, SECRET)
        keys.seal(db, holder, holder_id, "something of theirs")

    with store.read() as db, pytest.raises(Unreadable):
        keys.unseal(db, holder, holder_id, sealed)


def test_with_other_master_keys_it_can_not_be_read_and_nothing_is_sealed_anew(url: str, file: Store) -> None:
    with file.begin() as db:
        sealed = keys.seal(db, Holder.PERSON, 1, SECRET)
    strange = Store(url, MultiFernet([NEW]))

    with strange.read() as db, pytest.raises(Unreadable) as unread:
        keys.unseal(db, Holder.PERSON, 1, sealed)
    with pytest.raises(Unreadable), strange.begin() as db:
        keys.seal(db, Holder.PERSON, 1, "more")
    strange.close()

    assert SECRET not in str(unread.value)


def test_once_the_key_is_destroyed_nothing_opens_it_not_even_the_next_key(store: Store) -> None:
    with store.begin() as db:
        sealed = keys.seal(db, Holder.PERSON, 1, SECRET)

    with store.begin() as db:
        keys.destroy(db, Holder.PERSON, 1)
    with store.read() as db, pytest.raises(Unreadable, match="is gone"):
        keys.unseal(db, Holder.PERSON, 1, sealed)

    with store.begin() as db:
        keys.seal(db, Holder.PERSON, 1, "a new beginning")
    with store.read() as db, pytest.raises(Unreadable):
        keys.unseal(db, Holder.PERSON, 1, sealed)


def test_destroying_one_key_leaves_the_others(store: Store) -> None:
    with store.begin() as db:
        sealed = keys.seal(db, Holder.PAIR, 1, "ours")
        keys.seal(db, Holder.PERSON, 1, "mine")

    with store.begin() as db:
        keys.destroy(db, Holder.PERSON, 1)

    with store.read() as db:
        assert keys.unseal(db, Holder.PAIR, 1, sealed) == "ours"


def test_after_a_change_of_master_keys_what_was_sealed_before_still_opens(url: str, file: Store) -> None:
    with file.begin() as db:
        sealed = keys.seal(db, Holder.PERSON, 1, SECRET)

    newest_first = Store(url, MultiFernet([NEW, OLD]))
    with newest_first.begin() as db:
        opened = keys.unseal(db, Holder.PERSON, 1, sealed)
        later = keys.seal(db, Holder.PERSON, 2, "sealed after the change")
    newest_first.close()
    new_alone = Store(url, MultiFernet([NEW]))
    with new_alone.read() as db:
        opened_with_the_new_one = keys.unseal(db, Holder.PERSON, 2, later)
    new_alone.close()

    assert (opened, opened_with_the_new_one) == (SECRET, "sealed after the change")


# In the file


def forms(text: str) -> dict[str, bytes]:
    """The text as it could stand in a file. Base64 is searched for at each of its three offsets."""
    return {
        "utf-8": text.encode(),
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        **{f"base64 at {skip}": base64.b64encode(b"x" * skip + text.encode())[4:-4] for skip in range(3)},
    }


def found(folder: Path, text: str) -> list[str]:
    """In which form the text stands in which file of the folder."""
    contents = {path.name: path.read_bytes() for path in folder.iterdir()}
    return [
        f"{form} in {name}"
        for name, content in contents.items()
        for form, part in forms(text).items()
        if part in content
    ]


def files_of(store: Store, folder: Path) -> Path:
    """A copy of the database's files as they lie on the disk now, while it is open."""
    path = Path(str(store.engine.url.database))
    for file in path.parent.glob(f"{path.name}*"):
        shutil.copy(file, folder)
    return folder


PLAIN = "What everybody may know stands there plainly"


def test_what_is_sealed_stands_in_no_file_of_the_database(file: Store, tmp_path: Path) -> None:
    kept = keep(file)
    with file.begin() as db:
        scope, pair, session = kept.pair.workspace_id, kept.pair.id, kept.session.id
        notes.add_note(db, scope, pair, session, kept.ana.id, SECRET, kept.pair.published_at, is_shared=False)
        notes.add_note(db, scope, pair, session, kept.ana.id, SECRET, kept.pair.published_at, is_shared=True)
        notes.add_action(db, scope, pair, session, kept.ana.id, SECRET, kept.pair.published_at)
        kept.programme.objective = PLAIN
        db.merge(kept.programme)

    folder = files_of(file, tmp_path)

    assert any(name.endswith("-wal") for name in (path.name for path in folder.iterdir()))
    assert found(folder, PLAIN), "the search finds what is there"
    assert found(folder, SECRET) == []


def test_a_destroyed_key_is_overwritten_in_the_file(url: str, file: Store, tmp_path: Path) -> None:
    with file.begin() as db:
        keys.seal(db, Holder.PERSON, 1, SECRET)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        [wrapped] = connection.execute("SELECT wrapped FROM data_key").fetchone()

    with file.begin() as db:
        keys.destroy(db, Holder.PERSON, 1)
    with file.read() as db:
        db.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()

    folder = files_of(file, tmp_path)
    assert [path.name for path in folder.iterdir() if wrapped in path.read_bytes()] == []
