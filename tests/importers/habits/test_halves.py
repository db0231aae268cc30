"""Hours of one day: which half of it each is in."""

from calsvc.importers.habits import clocks, halves


def at(hour: int, minute: int = 0) -> int:
    """Return a time in minutes since midnight."""
    return hour * 60 + minute


def starts(*texts: str) -> list[int | None]:
    """Return the hours and minutes at which the hours of one day begin, such as 1330."""
    many = [clocks.whole(text) for text in texts]
    found = halves.settled([each for each in many if each])
    return [each.start // 60 * 100 + each.start % 60 if each.start else None for each in found]


def test_hours_after_noon_follow_those_before() -> None:
    assert starts("8:15", "9:00-9:30", "12:00-1:00", "1:00-2:45", "5:00") == [
        815, 900, 1200, 1300, 1700,
    ]  # fmt: skip


def test_one_after_noon_is_told_as_a_guess() -> None:
    noon, one = (clocks.whole(text) for text in ("12:00", "1:00-2:00"))
    assert noon and one

    assert halves.settled([noon, one])[1] == (at(13), at(14), ("1:00 is taken for 13:00",))


def test_hours_on_a_clock_of_24_are_what_they_say() -> None:
    assert starts("9:00", "13:00", "22:00", "1:00") == [900, 1300, 2200, 2500]


def test_second_track_begins_again_in_the_morning() -> None:
    again = ("9:00", "10:30", "12:00", "1:00", "3:30")

    assert starts(*again, *again) == [900, 1030, 1200, 1300, 1530] * 2


def test_evening_is_an_evening() -> None:
    assert starts("6:00", "6:30", "8:00") == [1800, 1830, 2000]
    assert starts("6:30", "7:30", "9:00", "12:00", "1:00") == [630, 730, 900, 1200, 1300]


def test_end_before_the_start_is_left_out_and_told() -> None:
    hours = clocks.whole("14:00-13:30")
    assert hours

    assert halves.settled([hours]) == [
        (at(14), None, ("the end, 13:30, is before the start or far behind, and left out",))
    ]


def test_twelve_am_after_eleven_is_noon_and_told() -> None:
    """Many write 12:00 am for noon; at night it is midnight all the same."""
    morning, night = clocks.whole("11:20am - 12:00am"), clocks.whole("8:00pm - 12:00am")
    assert morning and night

    assert halves.settled([morning, night]) == [
        (at(11, 20), at(12), ("0:00 at its end is taken for 12:00",)),
        (at(20), at(24), ()),
    ]


def test_lunch_at_twelve_am_is_at_noon() -> None:
    assert starts("11:00 am", "12:00 am", "1:00 pm") == [1100, 1200, 1300]
