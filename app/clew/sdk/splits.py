"""Which pictures teach and which test: one rule for a program of one's own and for Clew's reports."""

from clew.formats.splits import ALL, AUTO, HELD_OUT, Split, choose, choose_name, labelled_of, part

__all__ = ["ALL", "AUTO", "HELD_OUT", "Split", "choose", "choose_name", "labelled_of", "part"]
