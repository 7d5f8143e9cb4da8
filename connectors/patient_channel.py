"""A connection of waitress whose loop waits while a thread sends its answer."""

from __future__ import annotations

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]


class PatientChannel(HTTPChannel):  # type: ignore[misc]
    """For a server with send_bytes=1, where the answering thread sends by itself.

    While that thread is inside send(), waitress's own channel calls itself writable, and the loop polls as
    fast as it can: hundreds of times an answer, taking the interpreter from the thread it waits for. The
    thread wakes the loop when it could not send everything, and when it is done.
    """

    def writable(self) -> bool:
        """Whether the loop should send, or close."""
        if self.requests and self.total_outbufs_len and not self.will_close:
            if not self.outbuf_lock.acquire(False):
                return False
            self.outbuf_lock.release()
        return bool(super().writable())
