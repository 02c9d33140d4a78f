"""Looking back. Two days after a talk, half-way and at the end each of a pair gets a question of their own. Half-way
and at the end (`look_rules`) a second one comes on the next working day, to those who answered the first; half-way
they look at their aims again, too.

They answer by simply writing back, in the DM or in the thread. The answer is stored before Slack is told that it
arrived, encrypted with the author's own key, and a short reply says who can read it: only they.

What it never does: ask the same question twice, show an answer to the partner or a coordinator.
"""
