"""Slack's Web API, as far as the bot uses it: a method takes a call and answers it, or raises a refusal."""

from sandbox.api import chat, conversations, dnd, files, people, views
from sandbox.api.call import METHODS, Call, Refusal

__all__ = ["METHODS", "Call", "Refusal", "chat", "conversations", "dnd", "files", "people", "views"]
