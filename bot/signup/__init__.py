"""Joining.

Somebody types `/flipside join` or presses the button in the channel; where several programmes can be joined, they pick.
A form of three pages asks for their side or sides, hopes, languages, ways to meet and hours; for their topics, and what
they tell in confidence; and shows what the directory knows of them, to confirm or to correct, with the consent. A wrong
page stays open and says why. What was filled in is kept, page by page, until it is sent: `join` takes it up again.
A DM confirms what was kept and what happens next: they are in, or wait for a coordinator's yes, or for a place.
`profile` changes it: the same pages, one side more or less.

What it never does: enrol anybody who didn't ask, show hopes, networks or the "rather not" list to anyone, believe a
person's word over the company's own records.
"""
