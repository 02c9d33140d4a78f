"""A coordinator looks at where the directory comes from, maps profile fields, and sends a file of people."""

import logging
from collections.abc import Mapping

from sqlalchemy.orm import Session as Db

from bot import reporting_lines
from bot.directory import blocks, rules
from bot.directory.blocks import Desk, Lacking, Sent, SourceState
from bot.house import House
from bot.reporting_lines import ReportingLines
from bot.slack import files, who
from bot.slack.listening import Ask, Filed, Form, Instead, Word, Wrong
from bot.slack.speaking import Refused, Unclear, call
from store import agenda, directory, events, people, uploads, workspaces
from store.models import DirectoryUpload, Source, Subject

log = logging.getLogger(__name__)

SHOWN = (Source.SCIM, Source.FILE, Source.PROFILE, Source.SLACK)
NO_UPLOAD = "I no longer know of that file. Please upload it again."
NOT_YOURS = "Somebody else has sent that file, and decides about it."
UNDER_WAY = "It is being imported already. I'll write to you when it is done."
DONE = "That file was dealt with already. Nothing was done twice."
IMPORTING = "I'm importing it, and will write to you when it is done."
DROPPED = "Nothing was imported. The file is still in Slack; you can delete it there."
ONE_FILE = "Choose one CSV file."
TOO_LARGE = "That file is larger than 20 MB. Whoever runs me can read it with `python app.py people import FILE`."


def desk(ask: Ask) -> None:
    """Opened at once and filled when all is known: Slack gives three seconds to open."""
    view_id = ask.show(blocks.working())
    if view_id is None:
        return
    with ask.house.store.read() as db:
        shown = _desk(db, ask.house)
    ask.change(view_id, blocks.desk(shown))


def _desk(db: Db, house: House) -> Desk:
    drawn = people.reporting_lines(db, house.workspace_id)
    doubts, lines = reporting_lines.doubtful(drawn), ReportingLines(drawn)
    concerned = [each for circle in doubts.circles for each in circle] + [each for each, _ in doubts.dangling]
    names = people.names(db, house.workspace_id, concerned)
    return Desk(
        sources=[_state(db, house.workspace_id, source) for source in SHOWN],
        order=directory.OFFICE,
        circles=[[names.get(each, each) for each in circle] for circle in doubts.circles],
        dangling=[names.get(each, each) for each, _ in doubts.dangling],
        lacking=[each for each in _lacking(db, house.workspace_id, lines) if each.what],
    )


def _lacking(db: Db, workspace_id: str, lines: ReportingLines) -> list[Lacking]:
    return [
        Lacking(each, rules.lacking(each.level, directory.teams(each), has_line=lines.is_known(each.slack_id)))
        for each in people.in_programmes(db, workspace_id)
    ]


def _state(db: Db, workspace_id: str, source: Source) -> SourceState:
    reading = directory.find_reading(db, workspace_id, source)
    known = people.known_from(db, workspace_id, source)
    if reading is None:
        return SourceState(source, None, known)
    problems = reading.report.get("problems", 0)
    return SourceState(source, reading.read_at, known, reading.error, problems if isinstance(problems, int) else 0)


# Which field of Slack's profiles is which of ours


def connect(ask: Ask) -> None:
    if not _may(ask):
        return
    view_id = ask.show(blocks.working())
    if view_id is None:
        return
    answer = call(lambda: ask.client.team_profile_get())
    if isinstance(answer, Refused | Unclear):
        log.warning("profile fields not read error=%s", answer.code)
        is_forbidden = isinstance(answer, Refused) and answer.code == "missing_scope"
        ask.change(view_id, blocks.said(blocks.NO_PROFILE_SCOPE if is_forbidden else blocks.NO_FIELDS))
        return
    with ask.house.store.read() as db:
        mapped = workspaces.profile_fields(db, ask.house.workspace_id)
    fields = (answer.get("profile") or {}).get("fields") or []
    ask.change(view_id, blocks.fields_form(fields, mapped))


def connected(form: Form) -> Wrong | Instead:
    """Kept, and read in the background from now on."""
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"": blocks.ONLY_COORDINATORS})
    chosen = blocks.read_fields(form.answers)
    with form.house.store.begin() as db:
        workspaces.map_fields(db, form.house.workspace_id, chosen)
        agenda.look(db, form.house.workspace_id, Subject.SLACK_PROFILES, 0, form.now)
    log.info("mapped fields=%s by=%s", ",".join(sorted(chosen)), form.me.slack_id)
    return Instead(blocks.said(blocks.MAPPED if chosen else blocks.NOTHING_MAPPED))


# A file of people


def upload(ask: Ask) -> None:
    """The form is put where something stands already: Slack refuses it without a scope that not every app has."""
    if not _may(ask):
        return
    view_id = ask.show(blocks.working())
    if view_id is not None and not ask.change(view_id, blocks.upload_form()):
        ask.change(view_id, blocks.said(blocks.NO_FILE_SCOPE))


def uploaded(form: Form) -> Wrong | Instead:
    """Kept, and looked through in a moment: that takes longer than Slack waits for an answer."""
    if not who.is_coordinator(form.house, form.client, form.me.slack_id):
        return Wrong({"file": blocks.ONLY_COORDINATORS})
    sent = blocks.read_upload(form.answers)
    if sent is None:
        return Wrong({"file": ONE_FILE})
    if sent.size > files.MOST_BYTES:
        return Wrong({"file": TOO_LARGE})
    with form.house.store.begin() as db:
        if events.take(db, f"view:{form.view_id}", form.now):  # a form sent twice is one file
            _keep(db, form, sent)
    return Instead(blocks.sent(sent.name))


def _keep(db: Db, form: Form, sent: Sent) -> None:
    kept = DirectoryUpload(
        workspace_id=form.house.workspace_id,
        person_id=form.me.id,
        file=sent.id,
        name=sent.name,
        asked_at=form.now,
        is_partial=sent.is_partial,
    )
    db.add(kept)
    db.flush()
    agenda.look(db, form.house.workspace_id, Subject.UPLOAD, kept.id, form.now)
    log.info("file sent upload=%s by=%s", kept.id, form.me.slack_id)


def import_all(ask: Ask) -> None:
    _import(ask, is_partial=False)


def import_right(ask: Ask) -> None:
    _import(ask, is_partial=True)


def _import(ask: Ask, *, is_partial: bool) -> None:
    if not _may(ask):
        return
    with ask.house.store.begin() as db:
        found = _waiting(db, ask)
        if isinstance(found, DirectoryUpload):
            found.wanted_at, found.is_partial = ask.now, is_partial
            agenda.look(db, ask.house.workspace_id, Subject.UPLOAD, found.id, ask.now)
            log.info("file wanted upload=%s by=%s", found.id, ask.me.slack_id)
    _answer(ask, found, IMPORTING)


def never_mind(ask: Ask) -> None:
    if not _may(ask):
        return
    with ask.house.store.begin() as db:
        found = _waiting(db, ask)
        if isinstance(found, DirectoryUpload):
            found.done_at, found.report = ask.now, {**found.report, "dropped": True}
            log.info("file dropped upload=%s by=%s", found.id, ask.me.slack_id)
    _answer(ask, found, DROPPED)


def _waiting(db: Db, ask: Ask) -> DirectoryUpload | str:
    """The file that waits for this answer, or what to say instead. A second press waits for the first."""
    found = uploads.lock(db, ask.house.workspace_id, ask.number) if ask.number is not None else None
    if found is None or found.checked_at is None:
        return NO_UPLOAD
    if found.person_id != ask.me.id:
        return NOT_YOURS
    if found.done_at is not None:
        return DONE
    return UNDER_WAY if found.wanted_at is not None else found


def _answer(ask: Ask, found: DirectoryUpload | str, said: str) -> None:
    if found == NOT_YOURS:
        ask.reply(NOT_YOURS)
    else:
        ask.answered(found if isinstance(found, str) else said)


def _may(ask: Ask) -> bool:
    if who.is_coordinator(ask.house, ask.client, ask.me.slack_id):
        return True
    ask.reply(blocks.ONLY_COORDINATORS)
    return False


PRESSES: Mapping[str, Word] = {
    blocks.CONNECT: connect,
    blocks.UPLOAD: upload,
    blocks.IMPORT: import_all,
    blocks.IMPORT_RIGHT: import_right,
    blocks.NEVER_MIND: never_mind,
}
FORMS: Mapping[str, Filed] = {blocks.FIELDS_FORM: connected, blocks.UPLOAD_FORM: uploaded}
