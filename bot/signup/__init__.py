"""Joining and leaving.

Somebody types `/flipside join` or presses the button in the channel. A form asks for their side, topics, hopes,
languages, ways to meet, whom they'd rather not meet, and their consent. A wrong form stays open and says why.
A DM confirms what was kept and what happens next. `profile` changes it, `pause` and `resume` hold and go on,
`leave` ends it without a reason; a partner gets a neutral, kind message.

What it never does: enrol anybody who didn't ask, say who left or why, show hopes or the "rather not" list to anyone.
"""
