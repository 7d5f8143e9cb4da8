"""What can go wrong with a mailbox that is read: a small family, each member with what happens next."""

from __future__ import annotations


class InboxError(Exception):
    """Base of the family. str(error) is a sentence for the desk, which quotes neither server nor account.

    code is stable; remedy says what a person can do ("" = nothing, it is tried again).
    """

    code = "inbox_error"

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class Unreachable(InboxError):
    """The server did not answer, broke off, or has no time now: again soon."""

    code = "unreachable"


class LoginRefused(InboxError):
    """The server refuses who we are: a person must act; trying often would lock the account."""

    code = "login_refused"


class ConnectionRevoked(LoginRefused):
    """The OAuth connection is worth nothing any more: somebody has to connect the mailbox again."""

    code = "connection_revoked"


class FolderGone(InboxError):
    """The folder is not there, or not for us."""

    code = "folder_gone"
