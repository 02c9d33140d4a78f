"""What a pair agrees on: what their talks are for, how often, where and how long they meet, what stays between them,
how they stop.

Either fills it in, the other says yes or changes it; it counts when both have said yes. Each change needs the other's
yes again, and until then the last one that both agreed to stands. Before the first talk each gets a short guide for
their side, with the agreement if there is one. It is on the Home, and can be changed there at any time.

What it never does: insist on an agreement, or show it to anybody but the two. It is sealed with the pair's key.
"""
