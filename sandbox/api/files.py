"""Uploads in three steps: a url, the bytes, completion. Done once only, then a message shows the file.

And the other way round: files that people put into a form, which the bot asks about and reads.
"""

import mimetypes
from typing import Any
from urllib.parse import quote

from sandbox.api.call import Call, Refusal, method
from sandbox.api.chat import check_blocks
from sandbox.blockkit.fill import filled
from sandbox.people import BOT_USER, TEAM_ID
from sandbox.records import Conversation, File, Json, Message
from sandbox.workspace import Workspace

ALT_TEXT_MOST = 1000


@method("files.getUploadURLExternal", "files:write")
def upload_url(call: Call) -> Json:
    name, length = call.needed("filename"), call.number("length", 0)
    if length < 1:
        raise Refusal.of_arguments("must be greater than 0 [json-pointer:/length]")
    if len(call.text("alt_txt")) > ALT_TEXT_MOST:
        raise Refusal("alt_txt_too_large")
    file = File(call.workspace.new_id("F0"), name, length)
    call.workspace.files[file.id] = file
    return {"upload_url": f"{call.base_url}/upload/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write")
def complete(call: Call) -> Json:
    asked = call.parsed("files", "invalid_arguments")
    if not isinstance(asked, list) or not asked or not all(isinstance(one, dict) for one in asked):
        raise Refusal.of_arguments("must provide at least one file [json-pointer:/files]")
    files = [_uploaded(call, one) for one in asked]
    places = [_place(call, target) for target in _targets(call)]
    blocks = call.parsed("blocks", "invalid_blocks_format") or []
    check_blocks(blocks)
    for file, one in zip(files, asked, strict=True):
        file.title, file.shared = str(one.get("title") or file.name), True
    for place in places:
        message = Message(call.workspace.new_ts(), place.id, BOT_USER, call.text("initial_comment"), from_app=True)
        message.blocks = filled(blocks, call.workspace.new_id)
        message.thread_ts = call.text("thread_ts") or None
        message.files = [shown(file) for file in files]
        call.workspace.post(message)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _uploaded(call: Call, one: dict[str, Any]) -> File:
    file = call.workspace.files.get(str(one.get("id")))
    if file is None or file.content is None or file.shared:
        raise Refusal("file_not_found")
    return file


def _targets(call: Call) -> list[str]:
    several = [part.strip() for part in call.text("channels").split(",") if part.strip()]
    return several or [part for part in [call.text("channel_id")] if part]


def _place(call: Call, target: str) -> Conversation:
    if call.workspace.is_active(target):
        return call.workspace.im(target)
    call.args["channel"] = target
    place = call.place()
    # chat:write.public does not help files.
    if BOT_USER not in place.members:
        raise Refusal("not_in_channel")
    if place.is_archived:
        raise Refusal("is_archived")
    return place


def shown(file: File) -> Json:
    """A file as a message shows it."""
    return {"id": file.id, "name": file.name, "title": file.title, "size": len(file.content or b"")}


@method("files.info", "files:read")
def info(call: Call) -> Json:
    """A file that a person put into a form. (Of a file of the bot's own nobody has asked yet.)"""
    file = call.workspace.files.get(call.needed("file"))
    if file is None or not file.user:
        raise Refusal("file_not_found")
    if file.content is None:
        raise Refusal("file_deleted")
    return {"file": described(call.workspace, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def described(space: Workspace, file: File) -> Json:
    """A person's file, as `files.info` and the values of a form show it."""
    path = f"{space.base_url}/files-pri/{TEAM_ID}-{file.id}"
    ending = file.name.rpartition(".")[2].lower() if "." in file.name else ""
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        "filetype": ending or "binary",
        "pretty_type": ending.upper() or "Binary",
        "user": file.user,
        "user_team": TEAM_ID,
        "editable": False,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "url_private": f"{path}/{quote(file.name)}",
        "url_private_download": f"{path}/download/{quote(file.name)}",
        "file_access": "visible",
    }
