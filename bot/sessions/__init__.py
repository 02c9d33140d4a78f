"""The meetings of a pair, month by month.

The introduction asks for a date; the mentee books it with a picker. Three working days before, each gets a question
to prepare with; on the day a reminder; on the next working day "did you meet?". "We met" opens a form for a private
note, a shared one, and what they will do. Without a date there is one gentle question after 48 hours and one after
a week, then silence.

What it never does: nag, tell a coordinator what was said, read what a pair writes to each other.
"""
