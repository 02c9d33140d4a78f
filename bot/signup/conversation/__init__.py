"""Signing up by writing, for those who prefer that to a form.

They write `join` in the DM and press "I'd rather write" (the form's first page has that button too). The bot asks one
thing at a time. Each can be answered with a button or a menu, or in their own words; "back", "skip" and "stop" work at
any time, as words and as buttons. What can't be understood is asked again, with a word on what would help. At the end
they see all of it and send it, change something, or stop. A sign-up that is sent is the same as one by the form.

Where they are is a draft in the store: the answers so far, sealed with their own key, the open question, and a turn
that counts what the bot has said. What the bot says next follows from these alone, so it is said once, whatever
happens, and a restart in the middle takes up where it stopped. Silence ends nothing: "join" or "go on" takes it up.

What it never does: remind anybody of a sign-up they let lie, or keep a word of one they stopped.
"""
