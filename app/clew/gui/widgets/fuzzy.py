"""How well a few typed letters fit a text: letters in order, the better the closer they stand together."""

_START, _NEXT, _INSIDE = 8.0, 6.0, 1.0
_GAP = 0.15


def fits(typed: str, text: str) -> float | None:
    """A figure for how well `typed` fits, the larger the better; None when it does not.

    Each word of `typed` must occur in order, letter by letter, somewhere in `text`; letters at the
    beginning of a word and letters next to each other count most, so "nv" finds "New version".
    """
    total, low = 0.0, text.casefold()
    for word in typed.casefold().split():
        best = max(
            (s for s in (_from(word, low, at) for at in range(len(low))) if s is not None), default=None
        )
        if best is None:
            return None
        total += best
    return total - 0.02 * len(text)


def _from(word: str, text: str, at: int) -> float | None:
    """The figure of one word whose first letter stands at `at`."""
    if text[at] != word[0]:
        return None
    found = _START if _starts(text, at) else _INSIDE
    for letter in word[1:]:
        if at + 1 < len(text) and text[at + 1] == letter:
            at += 1
            found += _NEXT
            continue
        begin = next((i for i in range(at + 1, len(text)) if text[i] == letter and _starts(text, i)), -1)
        to = begin if begin >= 0 else text.find(letter, at + 1)
        if to < 0:
            return None
        found += (_START if begin >= 0 else _INSIDE) - _GAP * (to - at)
        at = to
    return found


def _starts(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()
