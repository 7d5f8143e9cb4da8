"""How often one sender may ask at the public side: exact moving windows in this process's memory."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv6Address, IPv6Network
from threading import Lock
from typing import cast

from flask import Flask, current_app, request

_KEY = "firstpath.rate_limits"
_MINUTE = 60.0
#: So many senders are remembered for each limit; the one that was silent the longest is forgotten first.
_MOST_SENDERS = 4096
#: One customer of an internet provider gets at least this much of IPv6 to himself (RFC 6177).
_IPV6_SITE_BITS = 64


class MovingWindow:
    """At most amount requests of one sender in any span of seconds. A refused request is not counted.

    Of our own making because the `limits` library starts a thread on most requests (350 µs against 2 µs
    here) and reads a clock that cannot be handed in.
    """

    def __init__(self, amount: int, seconds: float = _MINUTE, most_senders: int = _MOST_SENDERS) -> None:
        self._amount, self._seconds, self._most_senders = amount, seconds, most_senders
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, sender: str, now: float) -> int:
        """0 when the request is let in (and counted), else the whole seconds until the next one would be.

        now is in seconds since 1970.
        """
        with self._lock:
            taken = self._of(sender)
            if taken and taken[-1] > now:
                taken.clear()  # the clock was set back: nobody waits for the difference
            if len(taken) == self._amount and taken[0] > now - self._seconds:
                return max(1, math.ceil(taken[0] + self._seconds - now))
            taken.append(now)
            return 0

    def _of(self, sender: str) -> deque[float]:
        """The sender's latest times, at most amount of them."""
        taken = self._taken.get(sender)
        if taken is None:
            taken = self._taken[sender] = deque(maxlen=self._amount)
            if len(self._taken) > self._most_senders:
                self._taken.popitem(last=False)
        self._taken.move_to_end(sender)
        return taken


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Per minute: what a person never reaches with a form, and a sender never with its path.

    Each web process counts for itself, so several of them let in several times as much.
    """

    form_posts: MovingWindow = field(default_factory=lambda: MovingWindow(20))  # by address
    submissions: MovingWindow = field(default_factory=lambda: MovingWindow(6_000))  # by intake path
    link_openings: MovingWindow = field(default_factory=lambda: MovingWindow(60))  # by address
    api_reads: MovingWindow = field(default_factory=lambda: MovingWindow(600))  # by intake path
    unknown_keys: MovingWindow = field(default_factory=lambda: MovingWindow(60))  # by address


def init_app(app: Flask) -> None:
    """Start counting for this application."""
    app.extensions[_KEY] = RateLimits()


def limits() -> RateLimits:
    """The limits of the application that answers this request."""
    return cast(RateLimits, current_app.extensions[_KEY])


def sender_address() -> str:
    """Who is counted: the visitor's address, of IPv6 the whole network that one visitor has."""
    address = request.remote_addr or ""
    if ":" not in address:
        return address
    try:
        whole = IPv6Address(address)
    except AddressValueError:
        return address
    if whole.ipv4_mapped:
        return str(whole.ipv4_mapped)
    return str(IPv6Network((whole, _IPV6_SITE_BITS), strict=False))
