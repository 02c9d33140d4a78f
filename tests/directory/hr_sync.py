"""The HR directory is read, as an operator does it."""

import make
from directory.houses import Hands

from bot.directory import syncing
from bot.directory.reading import Report
from bot.directory.scim import Directory, Trouble
from store.database import Store

TOKEN = "the-token"


def sync(store: Store, hands: Hands, url: str, token: str = TOKEN) -> Report | Trouble:
    return syncing.sync(store, make.WORKSPACE, Directory(url, token), hands, hands.wait)


def synced(store: Store, hands: Hands, url: str) -> Report:
    report = sync(store, hands, url)
    assert isinstance(report, Report), report
    return report
