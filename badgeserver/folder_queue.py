"""The queue of the embedded mode: kombu's filesystem transport, with messages that appear and disappear whole."""

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, virtual
from kombu.utils.json import dumps, loads

LOOKS_UP_AFTER = 0.3  # seconds


class Channel(filesystem.Channel):
    """Messages are files in one folder, read in the order in which they were written.

    kombu's own channel opens a message under its final name before writing it, so that a worker which looks in that
    moment takes an empty file and dies of it; and it names messages by a clock that starts again with the machine.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.processed_folder, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def _put(  # type: ignore[override]  # kombu's own two bases disagree about it
        self, queue: str, payload: Any, **kwargs: Any
    ) -> None:
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns()}_{uuid.uuid4().hex}.{queue}.msg"
        draft = folder / f".{name}"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for waiting in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            if waiting.name.startswith("."):
                continue  # being written
            taken = Path(self.processed_folder) / waiting.name
            try:
                # The atomic step: of two workers, one gets it.
                waiting.rename(taken)
            except FileNotFoundError:
                continue
            text = taken.read_text(encoding="utf-8")
            taken.unlink()
            return loads(text)
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel
    # Shared by the connections of this process only, as kombu's own is; the messages themselves are in the folder.
    global_state = virtual.BrokerState()

    def drain_events(  # type: ignore[override]  # kombu itself calls it with a timeout
        self, connection: Any, timeout: float | None = None
    ) -> None:
        """Wait for the next message, but look up now and then: a worker that is asked to stop sees it between waits."""
        super().drain_events(connection, timeout=min(timeout or LOOKS_UP_AFTER, LOOKS_UP_AFTER))
