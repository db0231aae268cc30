"""What readers tell is counted, and stays short."""

from calsvc.importers.habits.remarks import LONGEST, MOST, Remarks


def test_things_of_a_kind_are_one_line_with_the_first_example() -> None:
    remarks = Remarks()
    remarks.add("times that cannot be read", "'25:99'")
    remarks.add("attachments", count=3)
    remarks.add("times that cannot be read", "'soon'")
    remarks.add("attachments", count=0)

    assert remarks.lines() == [
        "times that cannot be read, such as '25:99' (2)",
        "attachments (3)",
    ]


def test_lines_are_short_and_few() -> None:
    remarks = Remarks()
    for number in range(MOST + 5):
        remarks.add(f"state {number} " + "x" * 1000, "y\n" * 1000)

    *told, rest = remarks.lines()
    assert rest == "other things (5)"
    assert len(told) == MOST
    assert max(map(len, told)) <= 3 * LONGEST + len(", such as  (1)")
    assert not any("\n" in line for line in told)
