"""The house is opened: what every command of `python app.py` that needs the database begins with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from slack_sdk import WebClient
from sqlalchemy.exc import OperationalError

from bot import clock, logs, prompts, settings, working_time
from bot.house import House
from bot.slack import speaking
from store import people, workspaces
from store.database import NotMigrated, Store

THREADS = 20
ROUNDS_AT_ONCE = 2  # each is a process of its own


@contextmanager
def opened(*, asks_slack: bool = True) -> Iterator[House]:
    """The house with its settings, words, database and workspace; ends with a sentence where one is wrong.

    Who speaks to nobody may go without asking Slack which workspace this is, if the database has one alone.
    """
    try:
        read = settings.read()
        words = prompts.load(read.prompts_dir)
        store = Store(read.database_url, read.master_keys(), connections=THREADS + ROUNDS_AT_ONCE + 2)
        store.require_migrated()
        client = speaking.client(read.slack_bot_token, read.slack_api_url)
    except (settings.BadSettings, prompts.BadPrompt, NotMigrated) as error:
        stop(str(error))
    except OperationalError as error:
        stop(f"The database of DATABASE_URL can't be reached: {type(error.orig).__name__}")
    workspace_id = _workspace(read, store, client, asks_slack=asks_slack)
    with store.read() as db:
        working_time.most_live_in(people.usual_zone(db, workspace_id))
    logs.set_up(read.log_level, is_json=read.log_format == "json")
    now = clock.movable(read.clock_file) if read.clock_file else clock.real
    try:
        yield House(read, store, words, now, client, workspace_id)
    finally:
        store.close()


def _workspace(read: settings.Settings, store: Store, client: WebClient, *, asks_slack: bool) -> str:
    with store.read() as db:
        known = None if asks_slack else workspaces.only(db)
    if known is not None:
        return known
    me = speaking.call(client.auth_test)
    if isinstance(me, speaking.Unclear):
        stop(f"Slack can't be reached at SLACK_API_URL ({read.slack_api_url}): {me.code}")
    if isinstance(me, speaking.Refused):
        stop(f"Slack refuses SLACK_BOT_TOKEN: {me.code}")
    with store.begin() as db:
        workspaces.keep(db, str(me["team_id"]), str(me["team"]), str(me["user_id"]))
    return str(me["team_id"])


def stop(why: str, code: int = 1) -> NoReturn:
    """Ends the command with a sentence."""
    typer.echo(why, err=True)
    raise typer.Exit(code)
