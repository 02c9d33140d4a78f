"""The end of a pair's months: how they go on, what they pass on, what they keep.

Twelve days before the end each is asked, alone, how they would like to go on: as now, less often, informally, or not.
Nobody sees the other's choice. When both have chosen, or a week after the first has, both hear together what suits
them both: the quieter of the two wishes, without a word about whose it is. Informally or not at all is told in the same
words, so that nobody learns that the other would like to finish. Those who go on get more months.

On the last day each gets a few words and the buttons that are on the Home, too: a copy of what they wrote, thanks to
the other, a lesson for all, and for the mentee what they did differently. Whatever is for the programme's channel is
posted by the bot when the other one has agreed to just these words, and a lesson without names.

What it never does: show a choice, post what only one has agreed to, show any of it to a coordinator before.
"""
