"""The meetings of a pair, month by month or every two weeks, for some months or as long as they like.

The introduction asks for a date; the mentee books it with one press on a time at which both are at work, or with a
picker. Both hear of it in their group when both are at work. Three working days before, or right after that word, each
gets a question to prepare with, of what the month of the talk is about; on the day a reminder; on the next working day
"did you meet?". "We met" opens a form for a private note, a shared one, and what they will do, by which day if they
like: it comes back with the next preparation until it is ticked off. Without a date there is one gentle question after
48 hours and one after a week; after three months or fortnights without, silence.

Either moves or cancels a date with a button, in the group DM or on the Home. The partner hears it in their working
hours, in words that say neither who nor why; that it is cancelled, also while the pair is on hold. When it was the
second time in a row that the mentee cancelled, each gets a private word on the next morning: help for the mentor, a
gentle one for the mentee. A calendar file has an id that stays and a sequence that rises, so what is moved or
cancelled moves or goes away there too.

What it never does: nag, keep a score, tell a coordinator what was said, read what a pair writes to each other.
"""
