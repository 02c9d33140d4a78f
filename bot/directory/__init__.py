"""Who people are: name, zone, department, team, site, level, and whom they report to.

Several sources say so: the HR directory over SCIM, a file of the company's, Slack profiles, Slack, and people
themselves. Each source's word is kept beside the others', and `store.directory` says who is believed.

`reading` takes what a source says of everyone, whatever the source: all or nothing, or the good rows alone, with a
report; what changes is staged in small steps and taken over at once, so that nobody waits for it. Somebody without a
Slack account is known by an id of ours, so that lines may go through them; the day they have an account, they are one.
`csvfile` reads the file of `python app.py people import FILE`, whatever its columns are called; `scim` and `syncing`
read the HR directory, each night and by `python app.py people sync`.

`slack` reads Slack's accounts, each night and whenever Slack tells of a change; `profiles` the fields of Slack profiles
that a coordinator has mapped. Whoever has left Slack or the company leaves their programmes, and nobody writes to them.
A reading that fails or is incomplete makes nobody disappear, and none of them holds up the workspace's messages.

A manager whom nobody knows, or who is above themselves, is reported and counts as not known, never as nobody: what
isn't known bars a pair rather than risking it.

A coordinator's desk (`/flipside directory`) shows each source, what is doubtful and what is lacking. There they say
which fields of Slack's profiles are ours, and send a file of people: it is looked through first, and imported when they
say so.
"""
