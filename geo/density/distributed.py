"""The counts of points that are too many for one process, by Dask and Dask-GeoPandas.

Each partition is counted where it is, and only counts travel; they are added as a tree. With a
`dask.distributed.Client` made by the caller the partitions go to its cluster, without to processes
of this machine. A partition that fails makes the whole fail: there is no answer of a part. The
packages stand in `requirements-scale.txt` and are imported only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from geo.density import parquet
from geo.density.parquet import Answer, Piece, Question
from geo.errors import GeoError

TOGETHER = 8  # counts that are added in one step


def of_pieces(pieces: Sequence[Piece], question: Question, *, workers: int | None = None) -> Answer:
    """Count the row groups of files in so many processes; without `workers` a client decides.

    Errors: `counts.dask_missing`, those of `parquet.count`.
    """
    dask = _dask()
    shared = dask.delayed(question, pure=True, traverse=False)
    parts = [dask.delayed(parquet.count)(piece, shared) for piece in pieces]
    return _run(parts, workers)


def of_frame(
    frame: Any, question: Question, *, value: str | None = None, workers: int | None = None
) -> Answer:
    """Count the points of a `dask_geopandas.GeoDataFrame`; `value` is a column of whole numbers.

    Errors: `counts.dask_missing`.
    """
    dask = _dask()
    shared = dask.delayed(question, pure=True, traverse=False)
    parts = [dask.delayed(_of_part)(part, shared, value) for part in frame.to_delayed()]
    return _run(parts, workers)


def _of_part(part: Any, question: Question, value: str | None) -> Answer:
    values = None if value is None else part[value].astype("Int64").fillna(0).to_numpy(np.int64)
    return question.count(*parquet.degrees(part.geometry), values)


def _run(parts: list[Any], workers: int | None) -> Answer:
    dask = _dask()
    if not parts:
        return Answer()
    while len(parts) > 1:
        groups = [parts[n : n + TOGETHER] for n in range(0, len(parts), TOGETHER)]
        parts = [dask.delayed(parquet.added)(group) for group in groups]
    local = {} if workers is None else {"scheduler": "processes", "num_workers": workers}
    answer: Answer = dask.compute(parts[0], **local)[0]
    return answer


def _dask() -> Any:
    try:
        import dask
    except ImportError as error:
        raise GeoError("counts.dask_missing") from error
    return dask
