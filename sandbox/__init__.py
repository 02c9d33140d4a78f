"""A local Slack workspace. (story follows)"""

from sandbox.acting import BotDidNotAnswer
from sandbox.box import Sandbox
from sandbox.desk import Refused
from sandbox.filling import CannotDo
from sandbox.people import Person
from sandbox.records import Message

__all__ = ["BotDidNotAnswer", "CannotDo", "Message", "Person", "Refused", "Sandbox"]
