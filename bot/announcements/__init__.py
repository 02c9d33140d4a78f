"""A coordinator posts to the programme's channel: writes, sees it as it will stand there, posts.

It is posted once. Where Slack doesn't say whether it was, the author is asked to look and to say so: a doubled
announcement would be worse than a question.
"""
