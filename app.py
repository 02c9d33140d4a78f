"""The whole bot on one page: what it is made of, what runs when, and the commands of `python app.py`."""

import logging
import re
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from cryptography.fernet import Fernet
from slack_bolt import App
from sqlalchemy.exc import OperationalError, SQLAlchemyError

import bot.agreement.listeners
import bot.announcements.listeners
import bot.directory.commands
import bot.directory.listeners
import bot.ending.listeners
import bot.ending.saying
import bot.hours.listeners
import bot.ideas.listeners
import bot.membership.listeners
import bot.mydata.listeners
import bot.nudges.attention
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
from bot import chat, clock, command, home, settings
from bot.directory import jobs, slack
from bot.house import House
from bot.metrics import Counting
from bot.nudges import forecast, tick, tracing
from bot.nudges.standing import Standing
from bot.nudges.ticker import Ticker
from bot.opening import ROUNDS_AT_ONCE, THREADS, opened, stop
from bot.pairing.listed import commands, printing, roundfile, trying
from bot.slack import listening, manifest, serving, sockets, unanswered
from bot.slack.timing import TimedApp
from bot.stopping import AskedToStop, leave
from bot.threads import Background, Listeners
from store import agenda
from store.database import Store
from store.models import Subject

FEATURES = (
    bot.signup.listeners,
    bot.membership.listeners,
    bot.hours.listeners,
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
    bot.nudges.attention,
)
SEARCHED = (bot.signup.listeners,)  # those with a menu that is searched by typing
IDLE_WITHIN = 30.0  # seconds the local workspace waits for listeners
CHECK_EVERY = 1.0  # seconds

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Flipside: a Slack bot for mentoring programmes.",
)
keys = typer.Typer(no_args_is_help=True, help="The master keys of the database.")
cli.add_typer(bot.directory.commands.people, name="people")
cli.add_typer(keys, name="keys")
cli.add_typer(tracing.commands, name="nudges")


def build(house: House, listeners: Listeners | None = None) -> App:
    """The bot as Bolt sees it: the doors, and every feature's buttons and forms."""
    app = TimedApp(
        lambda kind, seconds: house.metrics.request.labels(kind).observe(seconds),
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


@cli.command()
def serve() -> None:
    """Runs the bot: over Socket Mode when SLACK_APP_TOKEN is set, else over HTTP on PORT."""
    with opened() as house:
        jobs.begin(house)
        with house.store.begin() as db:
            for nightly in (Subject.RULES, Subject.DRAFTS, Subject.EVENTS):
                agenda.begin(db, house.workspace_id, nightly, house.clock())
        ticker = Ticker(lambda: work(house), house.clock)
        background = Background(ROUNDS_AT_ONCE, ended=ticker.wake, stopping=house.stopping)
        house = replace(house, background=background)
        listeners = Listeners(THREADS, ended=ticker.wake, took=house.metrics.listener.observe)
        app = build(house, listeners)
        try:
            server = _server(app, house, ticker, listeners)
        except serving.PortTaken as error:
            stop(str(error))
        asked = AskedToStop(house.stopping, house.settings.stops_within)
        server.start()
        ticker.start()
        is_well = False
        try:
            if house.settings.slack_app_token:
                is_well = sockets.serve(app, house.settings.slack_app_token, asked.within)
            else:
                while server.is_serving and not is_well:
                    is_well = asked.within(CHECK_EVERY)
        except sockets.NotConnected as error:
            typer.echo(str(error), err=True)
        finally:
            asked.begin()
            ended = [part.stop(asked.seconds_left()) for part in (server, ticker, listeners, house.background)]
        if not all(ended):
            leave(0 if is_well else 1)
    raise typer.Exit(0 if is_well else 1)


def work(house: House) -> datetime | None:
    """What one tick does; when there is more to do, if that is known."""
    house.pulse.beat()
    with house.metrics.tick.time():
        tick.tick(house)
        while not house.stopping.is_set() and home.draw_stale(house):
            house.pulse.beat()
    house.pulse.beat()
    return tick.next_look(house)


def _server(app: App, house: House, ticker: Ticker, listeners: Listeners) -> serving.Server:
    """For an operator always; for Slack without Socket Mode; and for the local workspace, which waits for the bot."""

    def settle() -> datetime | None:
        begun, following = -1, None
        while begun != house.background.begun:  # a tick may begin work in the background, and that makes more due
            begun = house.background.begun
            listeners.wait_until_idle(IDLE_WITHIN)
            house.background.wait_until_idle(IDLE_WITHIN)
            following = ticker.run()
        return following

    house.metrics.registry.register(Standing(house))
    logging.getLogger().addHandler(Counting(house.metrics))
    is_local = house.settings.clock_file is not None
    more = [] if house.settings.slack_app_token else [serving.slacks(app)]
    more += [serving.settling(settle, house.clock)] if is_local else []
    web = serving.web(lambda: not_ready(house), house.metrics.registry, more)
    # On every interface, since Slack must reach it; the local workspace's bot only from this machine.
    host = "127.0.0.1" if is_local else "0.0.0.0"  # noqa: S104  # nosec B104
    return serving.Server(web, host, house.settings.port)


def not_ready(house: House) -> str | None:
    """Why somebody should look at this process, or put another in its place."""
    if house.stopping.is_set():
        return "it is ending"
    if house.pulse.has_stopped:
        return f"no tick has got on with anything for {house.pulse.seconds_since():.0f} seconds"
    try:
        tick.next_look(house)
    except SQLAlchemyError:
        return "the database does not answer"
    return None


@cli.command()
def migrate() -> None:
    """Brings the database to this release's schema. Safe to run again."""
    try:
        read = settings.read()
        store = Store(read.database_url, read.master_keys())
        store.migrate()
    except settings.BadSettings as error:
        stop(str(error))
    except OperationalError as error:
        stop(f"The database of DATABASE_URL can't be reached: {type(error.orig).__name__}")
    store.close()
    typer.echo("The database is migrated.")


@cli.command()
def nudge(
    now: Annotated[str | None, typer.Option(help="The moment to look at, such as 2027-03-01T09:00:00Z.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would go out; send nothing.")] = False,
) -> None:
    """Sends what is due, or prints what would go to whom and why."""
    if now is not None and not dry_run and not _is_local():
        stop("nudge --now sends early. It is refused outside the local workspace: add --dry-run.")
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
        stop(str(error))


def _moment(text: str | None, house: House) -> datetime:
    if text is None:
        return house.clock()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        stop(f"--now: {text} is not a moment such as 2027-03-01T09:00:00Z")
    if moment.tzinfo is None:
        stop("--now needs a zone: 2027-03-01T09:00:00Z, or +01:00 at the end")
    return moment


def _day(text: str | None) -> date:
    if text is None:
        return clock.real().date()
    try:
        return roundfile.day(text)
    except roundfile.BadRound:
        stop(f"--day: {text} is not a day such as 2026-11-22")


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
            stop("A programme or a list of people: one of the two. Leave out the programme, or --people.")
        trying.match(trying.Asked(people, check, as_json, as_csv, fits, _day(day), seed))
        return
    if programme is None:
        stop("Which programme? Give its number or its name, or a list of people with --people FILE.")
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
