"""When a person may be written to, and how often at most, as they chose.

`hours` shows a form: from when until when by their own clock, on which days, and how many messages a week. Until they
send it, the usual hours hold: nine to five on the working days of their country, and as many messages as the bot is set
to. It takes effect at once, for them and for whatever is to reach them together with their partner. A night shift is
taken: what ends before it begins ends the next day.

What it never does: hold back an answer to what they did themselves, write on a public holiday, tell a partner.
"""
