"""Who opens a link without being a person: link previews, crawlers, mail scanners, prefetching browsers."""

from __future__ import annotations

import re

from flask import Request

_ROBOT = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|preview|scanner|fetcher|facebookexternalhit|facebookcatalog|facebot"
    r"|whatsapp|telegram|skypeuri|slack-?img|embedly|outbrain|pinterest|vkshare|w3c_validator|bitlybot"
    r"|headless|phantomjs|lighthouse|pingdom|uptime|monitor|curl/|wget/|python|java/|go-http|okhttp"
    r"|libwww|httpclient|axios|node-fetch|apache-http|mailchannels|barracuda|proofpoint|mimecast|safelinks",
    re.IGNORECASE,
)
_AHEAD = frozenset({"prefetch", "preview", "prerender"})


def is_robot(request: Request) -> bool:
    """Whether nobody looks at the answer: it counts as no opening then."""
    if request.method == "HEAD":
        return True
    purposes = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
    said = " ".join(request.headers.get(name, "").lower() for name in purposes)
    if any(word in said for word in _AHEAD):
        return True
    agent = request.headers.get("User-Agent", "")
    return not agent.strip() or _ROBOT.search(agent) is not None
