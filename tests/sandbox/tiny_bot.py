"""A very small bot on Bolt, for the sandbox's own tests: it does one thing of each kind."""

import json
import os
import re
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLOCK = Path(os.environ["FLIPSIDE_CLOCK_FILE"])
DUE = CLOCK.with_name("due.json")  # [[moment, person, text], ...]: what it promised to say, kept over a kill

client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"], retry_handlers=[])
app = App(
    client=client,
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    listener_executor=ThreadPoolExecutor(10),
    raise_error_for_unhandled_request=False,
)


def now():
    return datetime.now(UTC) + timedelta(seconds=float(CLOCK.read_text()))


def button(text, action, value="v"):
    label = {"type": "plain_text", "text": text}
    return {"type": "button", "action_id": action, "value": value, "text": label}


def plain(text):
    return {"type": "plain_text", "text": text}


def option(text):
    return {"text": plain(text), "value": text.lower()}


def entry(block, label, element, **more):
    return {
        "type": "input",
        "block_id": block,
        "label": plain(label),
        "element": {"action_id": "v"} | element,
    } | more


FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Join"),
    "submit": plain("Save"),
    "notify_on_close": True,
    "blocks": [
        entry("side", "Side", {"type": "static_select", "options": [option("Mentor"), option("Mentee")]}),
        entry("about", "About you", {"type": "plain_text_input", "max_length": 20}, optional=True),
        entry("day", "First day", {"type": "datepicker", "initial_date": "2027-03-01"}, optional=True),
        entry("who", "With whom", {"type": "users_select"}, optional=True),
        entry("topic", "Topic", {"type": "external_select", "min_query_length": 1}, optional=True),
        {
            "type": "actions",
            "block_id": "more",
            "elements": [button("Redraw", "redraw"), button("Push", "push")],
        },
    ],
}


@app.command("/tiny")
def tiny(ack, body, command, respond):
    word, _, rest = command["text"].partition(" ")
    if word == "form":
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
    elif word == "say":
        ack()
        client.chat_postMessage(
            channel=command["user_id"],
            text=rest,
            metadata={"event_type": "tiny", "event_payload": {"key": rest}},
        )
    elif word == "note":
        ack()
        said = client.chat_postMessage(channel=command["user_id"], text=rest)
        CLOCK.with_name("noted").write_text(said["ts"])
    elif word == "buttons":
        ack()
        blocks = [{"type": "actions", "block_id": "b", "elements": [button("Yes", "yes"), button("No", "no")]}]
        client.chat_postMessage(channel=command["user_id"], text="Well?", blocks=blocks)
    elif word == "later":
        due = json.loads(DUE.read_text()) if DUE.exists() else []
        due.append([(now() + timedelta(hours=float(rest))).isoformat(), command["user_id"], f"after {float(rest)} h"])
        DUE.write_text(json.dumps(due))
        ack()
    elif word == "die":
        os._exit(7)
    elif word == "sleep":
        threading.Event().wait(4)
    elif word == "upload":
        ack()
        im = client.conversations_open(users=command["user_id"])["channel"]["id"]
        client.files_upload_v2(channel=im, content="BEGIN:VCALENDAR", filename="meeting.ics", title="Meeting")
    elif word == "twice":
        ack()
        respond("first")
        respond("second", response_type="in_channel")
    else:
        ack(text=f"You said <{command['text']}>", blocks=None)


@app.action("yes")
def yes(ack, body, respond):
    ack()
    respond(text="Good", replace_original=True)
    client.chat_postEphemeral(
        channel=body["channel"]["id"],
        user=body["user"]["id"],
        text="Only you see this",
        blocks=[{"type": "actions", "elements": [button("Fine", "fine")]}],
    )


@app.action("fine")
def fine(ack, body, respond):
    ack()
    assert "message" not in body
    respond(text="Fine then", replace_original=True)


@app.action("no")
def no(ack, body):
    ack()
    client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Pity", blocks=[])


@app.action("redraw")
def redraw(ack, body):
    ack()
    view = FORM | {"title": plain("Again")}
    client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)


@app.action("push")
def push(ack, body):
    ack()
    view = {"type": "modal", "title": plain("Second"), "blocks": [{"type": "divider"}]}
    client.views_push(trigger_id=body["trigger_id"], view=view)


@app.action("home_button")
def home_button(ack, body):
    ack()
    client.chat_postMessage(channel=body["user"]["id"], text="from home")


@app.options("v")
def topics(ack, payload):
    ack(options=[option(word) for word in ("Maps", "Music", "Money") if payload["value"].lower() in word.lower()])


@app.view(re.compile("form|second"))
def form(ack, body, view):
    values = view["state"]["values"]
    about = values["about"]["v"]["value"]
    if about == "wrong":
        ack(response_action="errors", errors={"about": "Say something else."})
    elif about == "badkey":
        ack(response_action="errors", errors={"nowhere": "?"})
    elif about == "badview":
        ack(response_action="update", view=FORM | {"title": plain("x" * 25)})
    elif about == "step":
        ack(response_action="push", view=FORM | {"callback_id": "second", "title": plain("Step")})
    elif about == "clear":
        ack(response_action="clear")
    else:
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text=json.dumps(values))


@app.view_closed("form")
def closed(ack, body):
    ack()
    client.chat_postMessage(channel=body["user"]["id"], text="closed")


@app.event("message")
def message(event, request):
    if event.get("subtype") is None:
        retry = request.headers.get("x-slack-retry-num", ["none"])[0]
        client.chat_postMessage(
            channel=event["channel"],
            text=f"heard {event['text']} (retry {retry})",
            thread_ts=event.get("thread_ts"),
        )


@app.event("app_home_opened")
def home(event):
    blocks = [{"type": "actions", "block_id": "h", "elements": [button("Press me", "home_button")]}]
    client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


@app.event("user_change")
def user_changed(event):
    client.chat_postMessage(channel="C0ANNOUNCE", text=f"{event['user']['id']} deleted={event['user']['deleted']}")


@app.event("member_joined_channel")
def joined(event):
    client.chat_postMessage(channel=event["channel"], text=f"welcome {event['user']}")


async def events(request: Request) -> Response:
    body = await request.body()
    return to_starlette_response(await run_in_threadpool(app.dispatch, to_bolt_request(request, body)))


def settled():
    # Bolt's listeners go on after the answer: its pool is empty when a task of our own ran on every thread.
    pool = app.listener_runner.listener_executor
    gate = threading.Barrier(10, timeout=30)
    for waiting in [pool.submit(gate.wait) for _ in range(10)]:
        waiting.result()
    due = json.loads(DUE.read_text()) if DUE.exists() else []
    for moment, person, text in [one for one in due if datetime.fromisoformat(one[0]) <= now()]:
        client.chat_postMessage(channel=person, text=text)
        due.remove([moment, person, text])
        DUE.write_text(json.dumps(due))
    return {"now": now().isoformat(), "next_look_at": min((one[0] for one in due), default=None)}


async def settle(_request: Request) -> Response:
    return JSONResponse(await run_in_threadpool(settled))


async def ready(_request: Request) -> Response:
    return JSONResponse({})


# uvicorn raises the signal again when it has shut down.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
uvicorn.run(
    Starlette(
        routes=[
            Route("/slack/events", events, methods=["POST"]),
            Route("/settle", settle, methods=["POST"]),
            Route("/readyz", ready),
        ]
    ),
    host="127.0.0.1",
    port=int(os.environ["PORT"]),
    log_level="warning",
)
