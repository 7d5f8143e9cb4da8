"""A connection of waitress whose loop waits while a thread answers."""

from __future__ import annotations

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]


class PatientChannel(HTTPChannel):  # type: ignore[misc]
    """Is written to by the loop only when there is something that it may write.

    From the moment a thread has put a small answer down until it is done with the request, waitress's own
    channel calls itself writable, though the loop may not write yet: it polls as fast as it can, hundreds of
    times an answer, and takes the interpreter from the thread it waits for. That thread wakes the loop
    when it is done, and when it has put down more than may wait.
    """

    def writable(self) -> bool:
        """Whether the loop should send, or close."""
        if self.requests and not (self.will_close or self.close_when_flushed):
            if self.total_outbufs_len < self.adj.send_bytes or not self.outbuf_lock.acquire(False):
                return False
            self.outbuf_lock.release()
        return bool(super().writable())
