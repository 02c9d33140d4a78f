"""Questions to talk about, for whoever looks for one: `/flipside ideas`.

They are those of the bank, theme by theme, first what one can think about before a talk, then what one can look back
at; in the words of the person's side, with those of their programme's objective. It opens at what their pair's month
is about, and leads from there to all the others.

What it never does: store who looked at what, or keep a question from being asked because somebody has seen it here.
"""
