"""What people write to the bot, and what becomes of it.

A plain message answers the question that is open; several in a row within a few minutes are one answer, and where two
questions are open its author is asked which one it is for. `note …`, `action …` and `thanks …` begin a note, something
to do, thanks. It is stored before Slack is told that it arrived, encrypted with its author's own key. The reply shows
what became of it and who can read it, with buttons: edit, share with my pair, delete. An edit or a deletion in Slack
changes or deletes what is kept. Thanks are shown before they are passed on, and passed on once. All of it can be
searched from the Home.

What it never does: show what wasn't shared to the partner, show anything to a coordinator, keep a file.
"""
