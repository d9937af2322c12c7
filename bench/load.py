"""Many visitors at once, as raw websocket clients that speak Streamlit's own messages.

A browser costs more than the server it loads, so a visitor here is a connection that sends what
a browser sends for a click on a filter (the pressed pills with the state of all others), and
waits for the end of the run that answers it.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

PATIENCE_SECONDS = 60
SEED = 7
THINK_SECONDS = (2.0, 5.0)  # between an answer and the next click, as people do
ALONE_SECONDS = (0.3, 0.6)  # one visitor alone keeps nobody waiting
ARRIVAL_SECONDS = 0.1  # between one visitor and the next
# a row of pills and which of them is pressed: on, off, another on, off
ROUND = (("kind", 0), ("kind", 0), ("attribute", 1), ("attribute", 1))


@dataclass
class Load:
    """Hold what visitors saw: seconds of each first run and of each filter, faults, bytes."""

    first: list[float] = field(default_factory=list)
    filters: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received: int = 0


@dataclass
class Crowd:
    """Hold how a crowd behaves: how many filters each uses, and how long each thinks."""

    url: str
    sessions: int
    filters: int
    think: tuple[float, float] = THINK_SECONDS


async def visit(crowd: Crowd, *, on_full: Callable[[], None] = lambda: None) -> Load:
    """Let the crowd come one by one and filter; `on_full` is called while all are still there."""
    load, rng = Load(), random.Random(SEED)
    here = asyncio.Barrier(crowd.sessions + 1)
    stays = []
    for _ in range(crowd.sessions):
        stays.append(asyncio.create_task(_stay(crowd, load, random.Random(rng.random()), here)))
        await asyncio.sleep(ARRIVAL_SECONDS)
    await here.wait()
    on_full()
    await here.wait()
    await asyncio.gather(*stays)
    return load


async def _stay(crowd: Crowd, load: Load, rng: random.Random, here: asyncio.Barrier) -> None:
    address = f"{crowd.url.replace('http', 'ws', 1)}/_stcore/stream"
    async with websockets.connect(
        address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None
    ) as connection:
        try:
            await _use(Visitor(connection), crowd, load, rng)
        except (AssertionError, TimeoutError, websockets.WebSocketException) as error:
            load.errors.append(f"{type(error).__name__}: {error}")
        await here.wait()
        await here.wait()


async def _use(visitor: Visitor, crowd: Crowd, load: Load, rng: random.Random) -> None:
    load.first.append(await visitor.run())
    before = visitor.received
    for facet, choice in itertools.islice(itertools.cycle(ROUND), crowd.filters):
        await asyncio.sleep(rng.uniform(*crowd.think))
        load.filters.append(await visitor.run(facet=facet, choice=choice))
    load.received += visitor.received - before


class Visitor:
    """Hold one session: its connection, and the pills that the page has shown it."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self._connection = connection
        self._groups: dict[str, ButtonGroup] = {}
        self._cached: set[str] = set()
        self._page = ""
        self.query = ""
        self.received = 0

    async def run(self, *, facet: str = "", choice: int = 0) -> float:
        """Run the script, having pressed a facet's pill if one is given; return seconds.

        Errors: AssertionError on an error in the page or a filter without effect, TimeoutError.
        """
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = before = self.query
        rerun.page_script_hash = self._page
        rerun.widget_states.widgets.extend(self._states(facet, choice))
        rerun.cached_message_hashes.extend(self._cached)
        began = time.perf_counter()
        await self._connection.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._until_end()
        assert not facet or self.query != before, "the filter had no effect"
        return time.perf_counter() - began

    def _states(self, facet: str, choice: int) -> Iterator[WidgetState]:
        """Give the state of every row of pills, the pressed one changed."""
        for id_, group in self._groups.items():
            chosen = set(group.raw_values)
            if facet and id_.endswith(f"-f_{facet}"):
                chosen ^= {group.options[choice].content}
            state = WidgetState(id=id_)
            state.string_array_value.data.extend(sorted(chosen))
            yield state

    async def _until_end(self) -> None:
        while True:
            raw = await self._connection.recv()
            assert isinstance(raw, bytes), "Streamlit answers in bytes"
            self.received += len(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "delta":
                self._keep(message)
            elif kind == "script_finished":
                assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY, "run cut short"
                return

    def _keep(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self._cached.add(message.hash)
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        assert kind != "exception", element.exception.message
        assert kind != "alert", element.alert.body
        if kind == "button_group":
            self._groups[element.button_group.id] = element.button_group
