"""Of all that is due to a person, what goes out now, exactly once.

The tick takes those whose moment has come (`store.agenda`), asks every feature's rules what is due, chooses
(`rules.choose`), claims each nudge under its key together with a delivery that has a lease, commits, and only then
builds the message (`parcels`) and speaks to Slack (`send`). What became of it is stored. After a kill or an unclear
answer the delivery's lease runs out, and `reconcile` finds out: there in the history - sent; surely absent - sent again
while it is due, else its key is given back; not to be known - a nudge is given up, since a missed one is better than a
doubled one, a notice is sent once more.

What no protocol can close: a process that is frozen between its last look at the lease and the sending for longer
than the lease; a message that somebody deletes by hand before it was looked for.
"""
