"""Two folders are told apart by ids where that is enough, and never otherwise than by their names."""

from array import array

from hypothesis import example, given
from hypothesis import strategies as st

from clew.store.diff import _apart
from clew.store.tree import EXECUTABLE, FILE, LINK, Folder, decode, encode, join

ENTRIES = st.dictionaries(
    st.sampled_from([b"a", b"a\xff", b"b", b"b.json", b"c", "\u00fc".encode(), b"z"]),
    st.tuples(st.sampled_from([FILE, EXECUTABLE, LINK]), st.integers(0, 3)),
)
Entries = dict[bytes, tuple[int, int]]


def folder(entries: Entries) -> Folder:
    names = sorted(entries)
    return Folder(
        names,
        bytes(entries[name][0] for name in names),
        array("q", [entries[name][1] for name in names]),
        b"".join(bytes([entries[name][1]]) * 32 for name in names),
        array("q", [0] * len(names)),
    )


@given(ENTRIES, ENTRIES)
@example({}, {})
@example({b"a": (FILE, 1), b"b": (FILE, 2)}, {b"a": (FILE, 2), b"b": (FILE, 1)})  # the same ids
@example({b"a": (FILE, 1)}, {b"b": (FILE, 1)})  # renamed
@example({b"a": (FILE, 1), b"b": (FILE, 1)}, {})  # an id twice on one side
@example({b"a": (FILE, 1)}, {b"a": (EXECUTABLE, 1)})
def test_the_entries_that_only_one_side_has(one: Entries, other: Entries) -> None:
    gone, come = _apart(folder(one), folder(other))
    assert gone.keys() == {name for name in one if other.get(name) != one[name]}
    assert come.keys() == {name for name in other if one.get(name) != other[name]}
    assert all((side.kind, side.size) == one[name] for name, side in gone.items())
    assert all((side.kind, side.size) == other[name] for name, side in come.items())


@given(ENTRIES)
def test_names_are_the_same_apart_and_joined(entries: Entries) -> None:
    made = folder(entries)
    ((tree, data),) = encode(made)
    read = decode(tree, data)
    assert (read.names, read.joined, len(read)) == (made.names, made.joined, len(entries))
    assert join([read, Folder()]).names == made.names
