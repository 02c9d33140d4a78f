"""What the messages around a talk say, and what calendars by hand call them."""

SAYS = {
    "You have joined": "joined",
    "please meet each other": "introduction",
    "your talk has a date": "planned",
    "your talk has a new date": "moved",
    "when you are both at work": "booked",
    "A new month": "month",
    "has no date yet": "no date",
    "still has no date": "still no date",
    "Your next talk with": "preparation",
    "A reminder of your talk": "reminder",
    "One tap is enough": "check-in",
    "A question after your talk": "reflection",
    "your answer is kept": "kept",
    "are paused for now": "paused",
    "can go on. The next date": "goes on",
}
