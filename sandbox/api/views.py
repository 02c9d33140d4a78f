"""Modals and the App Home."""

import json
from typing import Any

from sandbox import people
from sandbox.api.call import Call, Refusal, method
from sandbox.blockkit.fill import filled
from sandbox.blockkit.state import interactive, starting
from sandbox.blockkit.surfaces import view_problems
from sandbox.records import Json, View
from sandbox.urls import WornOut
from sandbox.workspace import Workspace

VIEW_MOST = 250_000
MODALS_MOST = 3


@method("views.open")
def open_view(call: Call) -> Json:
    drawn = _drawn(call, "modal")
    user = _trigger(call)
    # What views.open does to modals that are open is not documented; the new one takes their place here.
    for view in call.workspace.modals(user)[:1]:
        call.workspace.close(view)
    return {"view": shown(put_on_top(call.workspace, user, drawn))}


@method("views.push")
def push_view(call: Call) -> Json:
    drawn = _drawn(call, "modal")
    user = _trigger(call)
    if len(call.workspace.modals(user)) >= MODALS_MOST:
        raise Refusal("push_limit_reached")
    return {"view": shown(put_on_top(call.workspace, user, drawn))}


@method("views.update")
def update_view(call: Call) -> Json:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise Refusal.of_arguments("missing required field: view_id or external_id")
    found = [
        view
        for view in call.workspace.views.values()
        if (view.id == view_id if view_id else view.external_id == external_id)
    ]
    drawn = _drawn(call, found[0].drawn["type"] if found else "modal", replacing=view_id or None)
    if not found:
        raise Refusal("not_found")
    _check_hash(call, found[0])
    redraw(call.workspace, found[0], drawn)
    return {"view": shown(found[0])}


@method("views.publish")
def publish(call: Call) -> Json:
    if not call.has_home:
        raise Refusal("not_enabled")
    user = call.text("user_id")
    if user not in call.workspace.people:
        raise Refusal("invalid_arguments", response_metadata={"messages": ["invalid `user_id`"]})
    space = call.workspace
    current = space.home(user)
    drawn = _drawn(call, "home", replacing=current.id if current else None)
    if current is None:
        current = _new_view(space, user, drawn)
        space.homes[user] = current.id
    else:
        _check_hash(call, current)
    redraw(space, current, drawn)
    return {"view": shown(current)}


def _trigger(call: Call) -> str:
    name = call.text("trigger_id") or call.text("interactivity_pointer")
    if not name:
        raise Refusal.of_arguments("missing required field: trigger_id")
    try:
        return call.workspace.triggers.use(name, call.now)
    except WornOut as worn:
        raise Refusal(str(worn)) from None


def _drawn(call: Call, kind: str, replacing: str | None = None) -> Json:
    view = call.parsed("view", "invalid_arguments")
    if view is None:
        raise Refusal.of_arguments("missing required field: view")
    check(call.workspace, view, kind, replacing)
    return dict(view)


def check(space: Workspace, view: Any, kind: str, replacing: str | None = None) -> None:
    """Refuse a view that Slack would refuse, from the API and from the answer to a submission alike."""
    if isinstance(view, dict) and len(json.dumps(view)) > VIEW_MOST:
        raise Refusal("view_too_large")
    problems = view_problems(view, kind)
    if problems:
        raise Refusal.of_arguments(*problems)
    takes_files = any(element["type"] == "file_input" for _, element in interactive(view["blocks"]))
    if takes_files and "files:read" not in space.scopes:
        # That it is refused is documented; with which code is not.
        raise Refusal("missing_scope", needed="files:read", provided=",".join(space.scopes))
    external_id = view.get("external_id")
    others = (other for other in space.views.values() if other.id != replacing)
    if external_id and any(other.external_id == external_id for other in others):
        raise Refusal("duplicate_external_id")


def _check_hash(call: Call, view: View) -> None:
    given = call.text("hash")
    if given and given != view.hash:
        raise Refusal("hash_conflict")


def put_on_top(space: Workspace, user: str, drawn: Json) -> View:
    """Show a person a new modal, over those that are open."""
    view = _new_view(space, user, drawn)
    stack = space.stacks.setdefault(user, [])
    if stack:
        view.root, view.previous = stack[0], stack[-1]
    stack.append(view.id)
    redraw(space, view, drawn)
    return view


def _new_view(space: Workspace, user: str, drawn: Json) -> View:
    view_id = space.new_id("V0")
    view = View(view_id, user, drawn, {}, "", root=view_id)
    space.views[view_id] = view
    return view


def redraw(space: Workspace, view: View, drawn: Json) -> None:
    """Draw a view anew. What is filled in stays where block id and action id stay."""
    view.drawn = drawn | {"blocks": filled(drawn.get("blocks", []), space.new_id)}
    fresh = starting(view.blocks)
    for block_id, actions in fresh.items():
        for action_id, state in actions.items():
            kept = view.values.get(block_id, {}).get(action_id)
            if kept and kept["type"] == state["type"]:
                actions[action_id] = kept
    view.values = fresh
    view.hash = space.new_hash()
    space.changed()


def shown(view: View) -> Json:
    """A view as answers and payloads show it."""
    drawn = view.drawn
    title = drawn.get("title") or {"type": "plain_text", "text": "View Title"}
    return {
        "id": view.id,
        "team_id": people.TEAM_ID,
        "type": drawn["type"],
        "blocks": view.blocks,
        "private_metadata": drawn.get("private_metadata") or "",
        "callback_id": drawn.get("callback_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "title": title,
        "clear_on_close": bool(drawn.get("clear_on_close")),
        "notify_on_close": bool(drawn.get("notify_on_close")),
        "close": drawn.get("close"),
        "submit": drawn.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": people.APP_ID,
        "external_id": view.external_id,
        "app_installed_team_id": people.TEAM_ID,
        "bot_id": people.BOT_ID,
    }
