"""Text that any document takes: names come from file systems and people, and may hold anything."""

import re

# Bytes of a file name that are no text, and control characters, which XML 1.0 and most parsers refuse.
_ODD = re.compile("[\ud800-\udfff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """The text with a � where no document could carry what stands there; every line break as a line feed."""
    return _ODD.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
