"""A local Slack workspace, in which the real bot runs and anybody can be acted for.

`python -m sandbox` serves a small company on 127.0.0.1: Slack's Web API for the bot, a page for people. It starts
the bot as a child process and sends it what Slack would send: signed commands, interactions and events, with three
seconds to answer. It refuses what Slack refuses, with Slack's codes. Its clock moves forward in steps, from one due
moment to the next.

Tests drive the same thing in Python: `with Sandbox(folder) as box: box.command("ana", "/flipside join")`.
It knows nothing of the bot's inside: `server`, `api/` and `blockkit/` are Slack as the bot meets it, `acting` and
`answering` are what people do and what comes of it, `postman` and `delivery` bring it to the bot, `bot` is the
child process (or several, `bots`), `ui` and `state` are what the page draws. Trouble is asked for in `troubling` (over
HTTP in `plans`), kept in `faults`, `chances`, `storms`, `held` and `mishaps`, and met by the bot's calls in `troubled`;
`limits` and `patience` note a bot that asks too much of Slack.
"""

from sandbox.acting import BotDidNotAnswer
from sandbox.bot import BotDidNotStart
from sandbox.box import Sandbox
from sandbox.desk import Refused
from sandbox.filling import CannotDo
from sandbox.people import Person
from sandbox.records import Message

__all__ = ["BotDidNotAnswer", "BotDidNotStart", "CannotDo", "Message", "Person", "Refused", "Sandbox"]
