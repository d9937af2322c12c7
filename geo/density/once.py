"""What is made of a frame or an atlas once, and kept for as long as that lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def once(make: Callable[P, T]) -> Callable[P, T]:
    """Remember what a function makes of its first argument, an object that nobody changes.

    Objects are told apart by identity, since frames have no hash; further arguments by value. What
    is remembered goes with the object, and is shared: nobody may change it either.
    """
    known: dict[tuple[Any, ...], T] = {}

    @wraps(make)
    def found(*args: P.args, **choice: P.kwargs) -> T:
        of, *more = args
        key = (id(of), *more, *sorted(choice.items()))
        if key not in known:
            known[key] = make(*args, **choice)
            weakref.finalize(of, known.pop, key, None)
        return known[key]

    return found
