"""Whom a source's rows mean: by Slack id, e-mail address, the source's own number, or an id of ours."""

from collections.abc import Iterator

from bot.directory import rules
from bot.directory.rules import Row
from store import directory, people
from store.models import Source


class Meant:
    """Whom rows mean, and whom they mean by the managers they name."""

    def __init__(self, source: Source, known: Iterator[people.Identity]) -> None:
        self._source = source
        self._accounts: dict[str, str] = {}
        self._closed: dict[str, str] = {}
        self._shared: set[str] = set()
        self._known_keys: dict[str, str] = {}
        self._emails: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._leaving: set[str] = set()
        self.lines: dict[str, int] = {}
        """Of everyone whom the source names: by their id, the line."""
        for each in known:
            self._know(each)

    def _know(self, each: people.Identity) -> None:
        if each.key:
            self._known_keys[each.key] = each.slack_id
        if not each.email or directory.is_ours(each.slack_id):
            return
        if each.is_gone:
            self._closed[each.email] = each.slack_id
            return
        if each.email in self._accounts:
            self._shared.add(each.email)
        self._accounts[each.email] = each.slack_id

    def place(self, line: int, row: Row) -> str | None:
        """Remembers whom the row means, or says why it can't mean anybody."""
        if row.slack_id is None and row.email in self._shared:
            return "two Slack accounts have this e-mail address: give the Slack id"
        person = self.person(row)
        owner = self._owner(row.email) if row.email else person
        # Whoever was hired again has a record of each time: the one of today counts, wherever it stands.
        is_back = row.is_active and person in self._leaving
        for each in (person, owner):
            if each in self.lines and not (is_back and each == person):
                return f"this person is on line {self.lines[each]} too"
        if row.key is not None and row.key in self._keys:
            return f"the same employee id is on line {self.lines[self._keys[row.key]]} too"
        self.lines[person] = line
        (self._leaving.discard if row.is_active else self._leaving.add)(person)
        if row.email and owner != person:
            self._emails[row.email] = person
        if row.key is not None:
            self._keys[row.key] = person
        return None

    def person(self, row: Row) -> str:
        """By Slack id; by e-mail address, if it is an account's; as the source called them before; by an id of ours."""
        if row.slack_id is not None:
            return row.slack_id
        if row.email is not None and (account := self._account(row.email)):
            return account
        if row.key is not None and row.key in self._known_keys:
            return self._known_keys[row.key]
        return directory.id_of_ours(row.email or f"{self._source}:{row.key}")

    def _account(self, email: str) -> str | None:
        """An open one, if there is one: somebody who is gone is still who they were."""
        return self._accounts.get(email) or self._closed.get(email)

    def _owner(self, email: str) -> str:
        return self._emails.get(email) or self._account(email) or directory.id_of_ours(email)

    def manager(self, name: str) -> str:
        if not name:
            return directory.NOBODY
        if name in self._keys:
            return self._keys[name]
        if "@" in name:
            return self._owner(name.lower())
        if rules.SLACK_ID.match(name):
            return name
        return self._known_keys.get(name) or directory.id_of_ours(f"{self._source}:{name}")
