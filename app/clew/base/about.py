"""Which Clew this is."""

VERSION = "0.1.0"  # the same as in pyproject.toml; a test compares the two
