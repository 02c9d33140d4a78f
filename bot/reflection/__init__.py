"""Looking back. Two days after a talk, half-way and at the end each of a pair gets a question of their own. Half-way
and at the end (`look_rules`) a second one comes on the next working day, to those who answered the first; half-way
they look at their aims again, too.

They answer by simply writing back, in the DM or in the thread; what becomes of it is told in `bot/writing`.

What it never does: ask the same question twice.
"""
