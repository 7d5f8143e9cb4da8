"""How fast one CRM account may be called, so that no window of its vendor ever counts one call too many.

GCRA (ITU-T I.371, annex A): every call moves the moment up to which turns are taken by one interval, and may
be made as many intervals ahead of it as the burst allows. In any span of L seconds that lets through at most
floor(burst - 1 + L / interval) + 1 calls.
"""

from __future__ import annotations

from dataclasses import dataclass

#: The vendor counts when a call arrives, we when it leaves: so the pace holds in a longer window too.
_SUSTAINED = 0.87
_BURST_SHARE = 0.04
#: As long as only we call, more than this share of the window is always left.
_LEFT_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """At most limit calls in any window of so many seconds.

    interval is the seconds between two calls in the long run, burst how many may be made at once after a
    pause. raisable: the vendor may grant this account more, and its answers tell.
    """

    limit: int
    seconds: float
    interval: float
    burst: int
    raisable: bool = False

    @property
    def ahead(self) -> float:
        """How many seconds before its turn a call may be made."""
        return (self.burst - 1) * self.interval

    @property
    def least_left(self) -> int:
        """When the vendor has fewer calls left in the window, others use the account too."""
        return int(self.limit * _LEFT_SHARE)

    def pause(self, left: int) -> float:
        """Seconds to hold back when the vendor has left calls in the window; 0.0 = go on.

        Half the window when nothing is left: by then half of what filled it is out of it again.
        """
        if left >= self.least_left:
            return 0.0
        return self.seconds / 2 * (1 - max(left, 0) / self.least_left)

    def learned(self, left: int, seconds: float) -> Pace:
        """The pace after the vendor said that so many calls are left in a window of so many seconds."""
        # The call that was answered is in the window too.
        if not self.raisable or seconds != self.seconds or left < self.limit:
            return self
        return pace(left + 1, seconds, raisable=True)


def pace(limit: int, seconds: float, *, raisable: bool = False) -> Pace:
    """Sustains 87% of limit calls in seconds, with bursts of 4%.

    What is left over keeps the promise even when calls arrive at the vendor up to a tenth of the window later
    than they left here.
    """
    interval = seconds / (limit * _SUSTAINED)
    return Pace(limit, seconds, interval, max(1, int(limit * _BURST_SHARE)), raisable)


#: HubSpot counts searches apart: five a second and account. Two at once, three a second, keep below that even
#: when a call is a third of a second on its way, and leave two a second to whoever else searches there.
HUBSPOT_SEARCHES = Pace(limit=5, seconds=1.0, interval=1 / 3, burst=2)
