"""Block Kit's rules: what Slack refuses, what it fills in, and what a person's picks look like."""

from sandbox.blockkit.texts import text_length

__all__ = ["text_length"]
