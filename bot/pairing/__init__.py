"""Pairing: who meets whom, and why.

A coordinator asks for a round. The bot takes everyone who is waiting, strikes out every pair that a hard rule
bars (`rules.barred`), says of each other pair how well the two fit (`rules.fit`, made of named parts), and
gives the rest to the solver, which runs in a process of its own (`workshop.propose`). It finds the round that
places the most mentees and, among those, fits best: exactly, and the same for the same people and seed.
The coordinator sees the proposals best first with their reasons (`rules.reasons`), and for those left over
which rules stand in the way (`rules.left_out`); she takes out what she does not want and publishes. Only then
are pairs introduced.

Reporting lines and teams are watched for the life of a pair (`jobs.watch`): what a reorganisation breaks is told to the
coordinator, with what can be done, and the pair hears nothing until a person decides.

It never pairs anyone with someone above or below them, not even out of ignorance: what is not known bars.
It never shows what was told in confidence: reasons are made of open parts alone, and whom somebody does not
want to meet looks just like a place that went to someone else.
"""
