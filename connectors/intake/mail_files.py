"""The files that came with a mail, for paths that keep them: taken out as bytes, never opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from connectors.intake.imap import MAX_MAIL

_MOST_FILES = 50
_MOST_PARTS = 2_000


@dataclass(frozen=True, slots=True)
class MailFile:
    """One attachment; name and type are the sender's words, cleaned of what no file name has."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


def mail_files(body: bytes) -> tuple[MailFile, ...]:
    """The attachments of a mail in the order they stand; () for what is no mail. Never raises."""
    if len(body) > MAX_MAIL:
        return ()
    try:
        return tuple(_files(message_from_bytes(body, policy=compat32)))
    except (ValueError, LookupError, RecursionError):
        return ()


def _files(message: Message) -> Iterator[MailFile]:
    """Parts with a file name, or called an attachment; what is inside a forwarded mail included."""
    waiting, parts, found = [message], 0, 0
    while waiting and parts < _MOST_PARTS and found < _MOST_FILES:
        part, parts = waiting.pop(), parts + 1
        if part.is_multipart():
            inside = part.get_payload()
            waiting += (
                [one for one in reversed(inside) if isinstance(one, Message)]
                if isinstance(inside, list)
                else []
            )
            continue
        name = part.get_filename() or ""
        if not name and part.get_content_disposition() != "attachment":
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            found += 1
            yield MailFile(clean_name(name), part.get_content_type()[:100], content)


def clean_name(name: str) -> str:
    """A name that can be shown and saved: no path, no control characters, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(mark for mark in last if mark.isprintable() and mark not in '<>:"|?*').strip(". ")
    return kept[-120:] or "attachment"
