"""A session without a browser: it speaks Streamlit's messages, and may say what no page offers it."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets import Subprotocol
from websockets.sync.client import connect

PATIENCE_SECONDS = 30


class Forger:
    """Hold one session on a page: what it was shown, and what it says about its widgets.

    `shown` are the elements of the last run by the key of their widget; an element may be taken
    over from another session, since ids are the same for all.
    """

    def __init__(self, url: str, page: str) -> None:
        self._address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        self._stack = ExitStack()
        self._page, self._hash = page, ""
        self._states: dict[str, WidgetState] = {}
        self.shown: dict[str, tuple[str, str]] = {}
        self.texts: list[str] = []

    def __enter__(self) -> Forger:
        opened = connect(self._address, subprotocols=[Subprotocol("streamlit")], max_size=None)
        self._connection = self._stack.enter_context(opened)
        self.run()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def say(self, id_: str, value: object) -> None:
        """Put a widget's value into the next message, whether the page has such a widget or not."""
        state = WidgetState(id=id_)
        if isinstance(value, bool):
            state.bool_value = value
        elif isinstance(value, str):
            state.string_value = value
        elif isinstance(value, float):
            state.double_value = value
        elif isinstance(value, list):
            state.string_array_value.data.extend(value)
        self._states[id_] = state

    def set(self, key: str, value: object) -> None:
        """Set a widget that the page has shown, and run."""
        self.say(self.shown[key][1], value)
        self.run()

    def run(self, *, press: str = "") -> None:
        """Send all that was said, with a press of the button of that id, and wait for the answer."""
        message = BackMsg()
        rerun = message.rerun_script
        rerun.page_name, rerun.page_script_hash = self._page, self._hash
        rerun.widget_states.widgets.extend(self._states.values())
        if press:
            rerun.widget_states.widgets.append(WidgetState(id=press, trigger_value=True))
        self._connection.send(message.SerializeToString())
        self.shown, self.texts = {}, []
        while True:
            raw = self._connection.recv(timeout=PATIENCE_SECONDS)
            assert isinstance(raw, bytes), "Streamlit answers in bytes"
            answer = ForwardMsg.FromString(raw)
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self._hash = answer.navigation.page_script_hash
            elif kind == "delta":
                self._keep(answer)
            elif (
                kind == "script_finished"
                and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            ):
                return

    def _keep(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if not kind:
            return
        inner = getattr(element, kind)
        self.texts.append(str(inner))
        id_ = getattr(inner, "id", "")
        if isinstance(id_, str) and id_:
            label = getattr(inner, "label", "")
            key = id_.split("-", 2)[2] if id_.startswith("$$ID-") else ""
            self.shown[key if key not in ("", "None") else label] = (kind, id_)
