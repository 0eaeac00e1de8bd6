"""The chart builder: a file per question, each of which makes its rows from the view of its page."""
