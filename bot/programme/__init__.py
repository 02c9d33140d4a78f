"""A coordinator sets up a programme: its name, objective, channel, the contact for concerns, its length.

The bot announces it in the channel with a button to join. It may have a number of places, days on which people can sign
up, and may ask a coordinator about each person. Requests and proposed topics go to the coordinator who runs it, a
quarter of an hour's in one message, and stand on every coordinator's Home; whoever decides first has decided.
Several programmes can be open at once. Ending one leaves its pairs in peace.

The coordinator's Home shows who waits, which pairs have met and which have no date, and whom nothing
reaches; never what anybody wrote.
"""
