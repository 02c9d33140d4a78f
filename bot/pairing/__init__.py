"""Pairing: who meets whom, and why.

A coordinator asks for a round. Everyone who waits, and what stands between them, is put into one `Problem`, for a
process of its own. A rule bars two or lets them be (`bars.barred`); how well two fit is a whole number made of named
parts (`fit.fit`), of which a programme may weigh the open ones (`weights.weights`). `tables.Tables` says the same of
all pairs at once. The solver finds the round that places the most mentees and, among those, fits best: exactly, and the
same for the same people and seed. That is work for the background (`rounds`): stored first, taken up by the agenda,
seen and stopped from anywhere, taken up again after a crash. The coordinator sees the proposals best first with their
reasons (`reviewing`), asks what it would cost to have it otherwise (`whatif`), keeps pairs together, leaves pairs out,
adds some by hand, has the best found around that, and publishes. Two may do so at once: who looks at an older version
is told, and changes nothing. Only then are pairs introduced.

What was solved is kept sealed with the round (`proof`), so that anybody who doubts it can have it checked again:
`python app.py match PROGRAMME --check ROUND` (`commands`). `match --people FILE` does all of it for a list of people,
without any database (`trying`, `trial`).
What is published becomes pairs some at a time (`publishing.step`), as people stand by then, and each pair is
introduced once; one message keeps the coordinator posted (`progress`). Where a programme wishes it, a round is
proposed each Monday (`weekly`). Somebody for whom their pair isn't working says so and nothing more (`parting`): both
hear the same, nobody hears who asked, and nothing stored tells. For somebody who is left alone the smallest repair is
looked for (`mending`, `engine.repair`): among who waits, else by changing pairs of which nobody has heard yet;
whoever knows their partner keeps them. A round that is still looked through then follows.

Reporting lines and teams are watched for the life of a pair (`jobs.watch`): what a reorganisation breaks is told to the
coordinator, with what can be done, and the pair hears nothing until a person decides.

It never pairs anyone with someone above or below them, not even out of ignorance: what is not known bars.
It never shows what was told in confidence: reasons are made of open parts alone, and whom somebody does not
want to meet looks just like a place that went to someone else.
"""
