"""Names compared as people write them, and a clock that counts months as people do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciment_web.access.clock import add_months, due_on
from ciment_web.access.names import Closeness, closeness, words_of

FULL, FAMILY, NONE = Closeness.FULL, Closeness.FAMILY, Closeness.NONE


@pytest.mark.parametrize(
    ("first", "last", "text", "expected"),
    [
        ("Camille", "Exemple", "Camille Exemple", FULL),
        ("Camille", "Exemple", "EXEMPLE, camille", FULL),
        ("Zoé", "Lévêque", "LEVEQUE Zoe", FULL),
        ("Zoe", "Leveque", "Mme Zoé Lévêque, née à Valbrume", FULL),
        ("Zoé", "Lévêque", "Le\u0301ve\u0302que Zoe\u0301", FULL),
        ("Jean-Marc", "D’Haene", "d'haene jean marc", FULL),
        ("Anne", "Van den Berg", "VAN DEN BERG A.", FAMILY),
        ("Anne", "Van Damme", "Vandamme Anne", FULL),
        ("Marie-Claire", "Petit", "PETIT Marieclaire", FULL),
        ("Camille", "Exemple", "Madame Exemple", FAMILY),
        ("Camille", "Exemple", "Camille Autre", NONE),
        ("Camille", "Exemple", "Un exemplaire de Camille", NONE),
        ("Camille", "Exemple", "", NONE),
        ("Ann", "Lee", "Annie Leeuw", NONE),
        ("Strauß", "Groß", "GROSS Strauss", FULL),
        ("Søren", "Łukasz", "soren lukasz", FULL),
    ],
)
def test_known_names(first: str, last: str, text: str, expected: Closeness) -> None:
    assert closeness(first, last, text) is expected


def test_a_person_without_a_name_is_near_nobody() -> None:
    assert closeness("", "", "Camille Exemple") is NONE
    assert closeness("Camille", "", "Camille Exemple") is NONE
    assert closeness("", "Exemple", "Camille Exemple") is FAMILY


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_name_is_near_itself_in_any_order_and_case(first: str, last: str) -> None:
    if words_of(last):
        assert closeness(first, last, f"{last.upper()} {first}") is not NONE
        assert closeness(first, last, f"{first} {last}") is (FULL if words_of(first) else FAMILY)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 28), 1, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2027, 3, 31), 1, date(2027, 4, 30)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 30))
def test_months_are_never_longer_than_they_are(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and add_months(later, 0) == later)


def test_an_extension_counts_from_reception() -> None:
    assert due_on(date(2026, 12, 31), extended=False) == date(2027, 1, 31)
    # Three months from reception, not one month and then two from a shorter day.
    assert due_on(date(2026, 11, 30), extended=True) == date(2027, 2, 28)
    assert due_on(date(2027, 1, 31), extended=True) == date(2027, 4, 30)
