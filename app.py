"""The whole bot on one page: what it is made of, what runs when, and the commands of `python app.py`."""

import logging
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from threading import Event
from time import sleep
from typing import Annotated, NoReturn

import typer
import uvicorn
from cryptography.fernet import Fernet
from slack_bolt import App
from slack_sdk import WebClient
from sqlalchemy.exc import OperationalError, SQLAlchemyError

import bot.agreement.listeners
import bot.announcements.listeners
import bot.directory.listeners
import bot.ending.listeners
import bot.ending.saying
import bot.ideas.listeners
import bot.membership.listeners
import bot.mydata.listeners
import bot.pairing.listeners
import bot.programme.listeners
import bot.sessions.calendar_listeners
import bot.sessions.cancelling
import bot.sessions.listeners
import bot.sessions.noting
import bot.signup.conversation.listeners
import bot.signup.listeners
import bot.writing.listeners
import bot.writing.searching
from bot import chat, clock, command, home, prompts, settings
from bot.directory import csvfile, jobs, scim, slack, syncing
from bot.house import House
from bot.nudges import forecast, tick
from bot.nudges.ticker import Ticker
from bot.pairing.listed import commands, printing, roundfile, trying
from bot.slack import listening, manifest, serving, sockets, speaking, unanswered
from bot.threads import Background, Listeners
from store import agenda, workspaces
from store.database import NotMigrated, Store
from store.models import Subject

FEATURES = (
    bot.signup.listeners,
    bot.membership.listeners,
    bot.signup.conversation.listeners,
    bot.programme.listeners,
    bot.pairing.listeners,
    bot.agreement.listeners,
    bot.sessions.listeners,
    bot.sessions.cancelling,
    bot.sessions.calendar_listeners,
    bot.sessions.noting,
    bot.ideas.listeners,
    bot.ending.listeners,
    bot.ending.saying,
    bot.writing.listeners,
    bot.writing.searching,
    bot.announcements.listeners,
    bot.directory.listeners,
    bot.mydata.listeners,
)
SEARCHED = (bot.signup.listeners,)  # those with a menu that is searched by typing
THREADS = 20
ROUNDS_AT_ONCE = 2  # each is a process of its own
IDLE_WITHIN = 30.0  # seconds the local workspace waits for listeners

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Flipside: a Slack bot for mentoring programmes.",
)
people = typer.Typer(no_args_is_help=True, help="The directory: who people are and whom they report to.")
keys = typer.Typer(no_args_is_help=True, help="The master keys of the database.")
cli.add_typer(people, name="people")
cli.add_typer(keys, name="keys")


def build(house: House, listeners: Listeners | None = None) -> App:
    """The bot as Bolt sees it: the doors, and every feature's buttons and forms."""
    app = App(
        name="flipside",  # without one, Bolt reads the source of every caller to find it
        client=house.client,
        signing_secret=house.settings.slack_signing_secret or "not used over Socket Mode",
        listener_executor=listeners,
        raise_error_for_unhandled_request=True,
        logger=_quiet(),
    )
    chat.register(app, house)
    home.register(app, house)
    command.register(app, house)
    slack.register(app, house)
    for feature in FEATURES:
        for action_id, listener in feature.PRESSES.items():
            listening.press(app, house, action_id, listener)
        for callback_id, filed in feature.FORMS.items():
            listening.form(app, house, callback_id, filed)
    for feature in SEARCHED:
        for action_id, search in feature.OPTIONS.items():
            listening.options(app, house, action_id, search)
    presses = [re.escape(action_id) for feature in FEATURES for action_id in feature.PRESSES]
    forms = [re.escape(callback_id) for feature in FEATURES for callback_id in feature.FORMS]
    unanswered.register(app, house, [*presses, command.GO.pattern.strip("^$")], forms)
    return app


def _quiet() -> logging.Logger:
    """Bolt's own log lines hold whole requests; what matters of them is logged by us."""
    logger = logging.getLogger("bolt")
    logger.setLevel(logging.CRITICAL)
    return logger


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
        _stop(str(error))
    except OperationalError as error:
        _stop(f"The database of DATABASE_URL can't be reached: {type(error.orig).__name__}")
    workspace_id = _workspace(read, store, client, asks_slack=asks_slack)
    logging.basicConfig(level=read.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # At DEBUG the SDK logs every request, with what people wrote.
    for loud in ("alembic", "slack_sdk", "slack_bolt", "httpx", "httpcore"):
        logging.getLogger(loud).setLevel(logging.WARNING)
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
        _stop(f"Slack can't be reached at SLACK_API_URL ({read.slack_api_url}): {me.code}")
    if isinstance(me, speaking.Refused):
        _stop(f"Slack refuses SLACK_BOT_TOKEN: {me.code}")
    with store.begin() as db:
        workspaces.keep(db, str(me["team_id"]), str(me["team"]), str(me["user_id"]))
    return str(me["team_id"])


def _stop(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)


@cli.command()
def serve() -> None:
    """Runs the bot: over Socket Mode when SLACK_APP_TOKEN is set, else over HTTP on PORT."""
    with opened() as house:
        jobs.begin(house)
        with house.store.begin() as db:
            for nightly in (Subject.RULES, Subject.DRAFTS):
                agenda.begin(db, house.workspace_id, nightly, house.clock())
        ticker = Ticker(lambda: work(house))
        house = replace(house, background=Background(ROUNDS_AT_ONCE, ended=ticker.wake))
        listeners = Listeners(THREADS, ended=ticker.wake)
        app = build(house, listeners)
        stopping = _asked_to_stop()  # before uvicorn's own handlers: it raises the signal once more when it has stopped
        ticker.start()
        try:
            if house.settings.slack_app_token:
                is_well = sockets.serve(app, house.settings.slack_app_token, stopping)
            else:
                is_well = _serve_http(app, house, ticker, listeners)
        except sockets.NotConnected as error:
            _stop(str(error))
        finally:
            ticker.stop()
            listeners.shutdown(wait=True)
            house.background.stop()
    raise typer.Exit(0 if is_well else 1)


def _asked_to_stop() -> Event:
    """Set by Ctrl-C or SIGTERM."""
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def work(house: House) -> None:
    """What one tick does."""
    tick.tick(house)
    while home.draw_stale(house):
        pass


def _serve_http(app: App, house: House, ticker: Ticker, listeners: Listeners) -> bool:
    def settle() -> datetime | None:
        begun = -1
        while begun != house.background.begun:  # a tick may begin work in the background, and that makes more due
            begun = house.background.begun
            listeners.wait_until_idle(IDLE_WITHIN)
            house.background.wait_until_idle(IDLE_WITHIN)
            ticker.run()
        return _next_look(house)

    is_local = house.settings.clock_file is not None
    web = serving.web(app, lambda: _is_ready(house), house.clock, settle if is_local else None)
    # On every interface, since Slack must reach it; the local workspace's bot only from this machine.
    host = "127.0.0.1" if is_local else "0.0.0.0"  # noqa: S104  # nosec B104
    uvicorn.run(web, host=host, port=house.settings.port, log_level="warning", ws="none", lifespan="off")
    return True


def _next_look(house: House) -> datetime | None:
    with house.store.read() as db:
        return agenda.next_look(db, house.workspace_id)


def _is_ready(house: House) -> bool:
    try:
        _next_look(house)
    except SQLAlchemyError:
        return False
    return True


@cli.command()
def migrate() -> None:
    """Brings the database to this release's schema. Safe to run again."""
    try:
        read = settings.read()
        store = Store(read.database_url, read.master_keys())
        store.migrate()
    except settings.BadSettings as error:
        _stop(str(error))
    except OperationalError as error:
        _stop(f"The database of DATABASE_URL can't be reached: {type(error.orig).__name__}")
    store.close()
    typer.echo("The database is migrated.")


@cli.command()
def nudge(
    now: Annotated[str | None, typer.Option(help="The moment to look at, such as 2027-03-01T09:00:00Z.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would go out; send nothing.")] = False,
) -> None:
    """Sends what is due, or prints what would go to whom and why."""
    if now is not None and not dry_run and not _is_local():
        _stop("nudge --now sends early. It is refused outside the local workspace: add --dry-run.")
    with opened() as house:
        moment = _moment(now, house)
        if dry_run:
            typer.echo(forecast.at(house, moment))
            return
        ahead = moment - house.clock()  # the clock goes on: leases are times
        work(replace(house, clock=lambda: house.clock() + ahead))


def _is_local() -> bool:
    try:
        return settings.read().is_local
    except settings.BadSettings as error:
        _stop(str(error))


def _moment(text: str | None, house: House) -> datetime:
    if text is None:
        return house.clock()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _stop(f"--now: {text} is not a moment such as 2027-03-01T09:00:00Z")
    if moment.tzinfo is None:
        _stop("--now needs a zone: 2027-03-01T09:00:00Z, or +01:00 at the end")
    return moment


def _day(text: str | None) -> date:
    if text is None:
        return clock.real().date()
    try:
        return roundfile.day(text)
    except roundfile.BadRound:
        _stop(f"--day: {text} is not a day such as 2026-11-22")


@people.command("import")
def people_import(
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the good rows, whatever is wrong with others.")
    ] = False,
    column: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=HEADER", help='Such as manager="Line mgr"; may be repeated.')
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as cp1252, where it can't be told from the file.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="A line for each person who is new or changed.")] = False,
) -> None:
    """Reads people from a CSV file with a header into the directory, all or nothing."""
    columns = dict(_column(each) for each in column or ())
    done: list[str] = []
    with opened() as house, _progress() as progress:
        report = csvfile.people_from(
            file,
            house.store,
            house.workspace_id,
            house.clock(),
            columns=columns,
            encoding=encoding,
            dry_run=dry_run,
            partial=partial,
            progress=progress,
            heard=(lambda line, who, what: done.append(f"line {line}: {who} {what}")) if verbose else None,
        )
    for line in csvfile.told(report, done if report.is_done else (), is_dry=dry_run):
        typer.echo(line, err=not report.is_done)
    raise typer.Exit(0 if report.is_done else 1)


def _column(given: str) -> tuple[str, str]:
    field, is_there, header = given.partition("=")
    if not is_there:
        _stop(f"--column {given}: it must be FIELD=HEADER")
    return field.strip(), header


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar, where somebody sits at a terminal and sees it."""
    if not sys.stderr.isatty():
        yield None
        return
    with typer.progressbar(length=1, label="Reading", file=sys.stderr) as bar:

        def show(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield show


@people.command("sync")
def people_sync() -> None:
    """Reads the company's HR directory over SCIM 2.0, now instead of tonight."""
    with opened() as house, _progress() as progress:
        url, token = house.settings.scim_url, house.settings.scim_token
        if url is None or token is None:
            _stop("There is no HR directory to read: set SCIM_URL and SCIM_TOKEN (see Settings in README.md).")
        server = scim.Directory(url, token)
        found = syncing.sync(house.store, house.workspace_id, server, house.clock, sleep, progress)
    if isinstance(found, scim.Trouble):
        _stop(found.said)
    for line in csvfile.told(found, (), is_dry=False):
        typer.echo(line)


@cli.command(cls=printing.MayPrint)
def match(
    programme: Annotated[str | None, typer.Argument(help="Its number or its name.")] = None,
    people: Annotated[Path | None, typer.Option(help="A list of people, instead of a programme.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be proposed; store nothing.")] = False,
    check: Annotated[str | None, typer.Option(help="Check this round instead: its number, or its file.")] = None,
    as_json: Annotated[str | None, typer.Option("--json", help="Write the round here, or print it.")] = None,
    as_csv: Annotated[str | None, typer.Option("--csv", help="The pairs alone.")] = None,
    fits: Annotated[str | None, typer.Option(help="Write the fit of every allowed pair here.")] = None,
    day: Annotated[str | None, typer.Option(help="Whose clocks count, such as 2026-11-22. By default today's.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="Decides between rounds that are as good.")] = 1,
) -> None:
    """Finds the best round, and proves it: of who waits in a programme, or of a list of people without any database."""
    if people is not None:
        if programme is not None:
            _stop("A programme or a list of people: one of the two. Leave out the programme, or --people.")
        trying.match(trying.Asked(people, check, as_json, as_csv, fits, _day(day), seed))
        return
    if programme is None:
        _stop("Which programme? Give its number or its name, or a list of people with --people FILE.")
    with opened(asks_slack=False) as house:
        commands.match(house, commands.Asked(programme, check, as_json, as_csv, is_dry=dry_run))


@keys.command("new")
def keys_new() -> None:
    """Prints a new master key for FLIPSIDE_KEYS. Keep it apart from the database."""
    typer.echo(Fernet.generate_key().decode())


@cli.command("manifest")
def print_manifest(
    url: Annotated[str | None, typer.Option(help="Where Slack reaches the bot over HTTP.")] = None,
) -> None:
    """Prints what Slack must be told: for Socket Mode, or with --url for HTTP."""
    typer.echo(manifest.over_http(url) if url else manifest.FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(cli())
