"""Of all that is due to a person, what goes out now, exactly once.

The tick takes those whose moment has come (`store.agenda`), asks every feature's rules what is due, chooses
(`rules.choose`), claims each nudge under its key together with a delivery that has a lease, commits, and only then
builds the message (`parcels`) and speaks to Slack (`send`). What became of it is stored. After a kill or an unclear
answer the delivery's lease runs out, and `reconcile` finds out: there in the history - sent; surely absent - sent again
while it is due, else its key is given back; not to be known - a nudge is given up, since a missed one is better than a
doubled one, a notice is sent once more.

Below each nudge is a small menu (`attention`): later today, tomorrow, next week; fewer of these; why did I get this?
What is put off is not queued: the nudge remembers until when, and comes back under a key of its own if its feature's
rules still say that it is due (`later_rules`). What people want fewer of is left out, every second one or all, and the
ledger says so (`fewer_rules`). Why something came is read from the ledger, for them as for the operator (`tracing`).

Whom nothing reaches, by what Slack says to one message, is left in peace until they act, or for a week (`reach_rules`).

What no protocol can close: a process that is frozen between its last look at the lease and the sending for longer
than the lease; a message that somebody deletes by hand before it was looked for.
"""
