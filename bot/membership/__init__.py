"""Life after joining: a pause, going on, leaving, and what a partner hears of it.

`pause` holds everything at once, until a date or until they say so; a button or a second `pause` changes the date.
`resume` ends it, and so does the clock on the morning of that date. `leave` asks no reason: it ends their pairs, and
what they told in confidence is forgotten. A partner hears in neutral words that the talks are paused, that they can
go on, or that the pair has ended; then they may ask for a new partner with one button, and are first in line.
Somebody whose account is gone has left, and hears nothing.

What it never does: say who left or why, name the day a pause ends to the partner, put anybody on the list by itself.
"""
