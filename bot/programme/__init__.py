"""A coordinator sets up a programme: its name, objective, channel, the contact for concerns, its length.

The bot announces it in the channel with a button to join. The coordinator's Home shows who waits, which pairs have met
and which have no date; never what anybody wrote.
"""
