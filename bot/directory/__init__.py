"""Who people are: zone, department, team, site, level, and whom they report to, from a file of the company's.

`python app.py people import FILE` reads a CSV with a header. It is all or nothing: a row that is wrong is named by its
line and nothing is changed. An empty field is "not known" and leaves what was known before; a manager of `-` is
someone who is known to report to nobody. What nobody knows bars a pair rather than risking it.
"""
