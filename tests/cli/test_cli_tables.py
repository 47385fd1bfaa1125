from clew.cli.refs import split
from clew.cli.table import table


def test_columns_are_aligned_and_numbers_stand_right() -> None:
    text = table(("Name", "Items"), [("Münzen", 1240), ("銀貨", None), ("a", 7)])
    assert text.splitlines() == ["Name    Items", "Münzen  1,240", "銀貨        –", "a           7"]


def test_an_empty_table_is_its_headers() -> None:
    assert table(("A", "B"), []) == "A  B"


def test_cells_stay_on_one_line() -> None:
    assert "\n" not in table(("A",), [("two\nlines",)]).split("\n", 1)[1]


def test_a_reference_is_a_name_and_a_number() -> None:
    assert split("Coin finds@3") == ("Coin finds", 3)
    assert split("Coin finds") == ("Coin finds", None)
    assert split("me@home") == ("me@home", None)
    assert split("me@home@12") == ("me@home", 12)
    assert split("#3@1") == ("#3", 1)
