"""What is made of a frame once is kept as long as the frame, and no longer."""

from __future__ import annotations

import gc

import pandas as pd
import pytest

from geo.density.once import once


def test_it_is_made_once_for_each_object_and_choice():
    """Another frame with the same content, or another choice, is made anew; the same is not."""
    made = []

    @once
    def sums(frame: pd.DataFrame, *, key: str) -> int:
        made.append(key)
        return int(frame[key].sum())

    first, twin = (pd.DataFrame({"a": [1, 2], "b": [3, 4]}) for _ in range(2))
    assert [sums(first, key="a"), sums(first, key="a"), sums(first, key="b")] == [3, 3, 7]
    assert sums(twin, key="a") == 3
    assert made == ["a", "b", "a"]


def test_it_goes_with_its_object():
    """A frame that is gone leaves nothing behind, even where another one takes its place in memory."""
    made = []

    @once
    def size(frame: pd.DataFrame) -> int:
        made.append(len(frame))
        return len(frame)

    for length in (1, 2, 3):
        assert size(pd.DataFrame({"a": range(length)})) == length
        gc.collect()
    assert made == [1, 2, 3]
    known = next(
        cell.cell_contents for cell in size.__closure__ if isinstance(cell.cell_contents, dict)
    )
    assert known == {}


def test_what_fails_is_asked_again():
    """An error is not remembered."""
    answers = iter([ValueError("first"), 5])

    @once
    def read(frame: pd.DataFrame) -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    frame = pd.DataFrame()
    with pytest.raises(ValueError, match="first"):
        read(frame)
    assert read(frame) == 5
