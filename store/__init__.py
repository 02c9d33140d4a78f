"""What is stored, and short questions about it. Knows neither the bot nor Slack.

`database.Store` opens the database; `with store.begin() as db:` is a transaction that writes,
`with store.read() as db:` one that only reads. Each noun has a module of short query functions, called
through the module: `people.find(db, ...)`. Objects stay usable after their transaction, as plain values.
"""
