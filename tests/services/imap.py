"""A real IMAP server for tests: Debian's Dovecot, with mail put straight into its folders."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from tests.services.certificate import write_certificate
from tests.services.ports import free_port
from tests.services.token_authority import TokenAuthority

PASSWORD = "a-mailbox-for-tests"
_NOBODY = 65534
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0 secs
mail_location = maildir:{folder}/mail/%n
first_valid_uid = {nobody}
default_vsz_limit = 512M
mail_max_userip_connections = 100
maildir_very_dirty_syncs = no
mail_fsync = never
mailbox_list_index = no
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={nobody} gid={nobody} home={folder}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


class ImapServer:
    """A Dovecot on a port of its own; any user exists, all with one password."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self.port, self.tls_port = free_port(), free_port()
        self.tokens = TokenAuthority()

    def start(self) -> None:
        """Start it and return when it answers; nothing happens when it runs already."""
        if self._process is not None:
            return
        mail = self._folder / "mail"
        mail.mkdir(exist_ok=True)
        os.chown(mail, _NOBODY, _NOBODY)
        config = self._folder / "dovecot.conf"
        write_certificate(self._folder / "server.pem", self._folder / "server.key")
        oauth = self._folder / "oauth2.conf"
        oauth.write_text(f"tokeninfo_url = {self.tokens.info_url}\nusername_attribute = username\n")
        values = {
            "folder": self._folder,
            "port": self.port,
            "tls_port": self.tls_port,
            "password": PASSWORD,
            "nobody": _NOBODY,
        }
        config.write_text(_CONFIG.format(**values), encoding="utf-8")
        self._process = subprocess.Popen(
            [_binary(), "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 20
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError(f"Dovecot did not start: {self.log()}")
            time.sleep(0.02)

    @property
    def certificate(self) -> Path:
        """What the server shows at its TLS port; nobody but a test trusts it."""
        return self._folder / "server.pem"

    def stop(self) -> None:
        """Stop it; clients get refused connections until start()."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=10)
        self._process = None

    def log(self) -> str:
        """What the server wrote down."""
        file = self._folder / "dovecot.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def put(self, user: str, *mails: bytes, arrived_at: float | None = None) -> None:
        """Let mails arrive in a user's inbox; arrived_at is in seconds since 1970."""
        new = self._maildir(user) / "new"
        for mail in mails:
            name = f"{int(time.time())}.M{next(self._numbers):09}P1.tests"
            held = new.parent / "tmp" / name
            held.write_bytes(mail.replace(b"\r\n", b"\n"))
            os.chown(held, _NOBODY, _NOBODY)
            if arrived_at is not None:
                os.utime(held, (arrived_at, arrived_at))
            held.rename(new / name)

    def renumber(self, user: str) -> None:
        """Let the mailbox forget its numbers: every mail gets a new UID under another UIDVALIDITY.

        As after a restored backup. The user's connections must end first: until then we wait, since
        Dovecot would write the old numbers down again.
        """
        self._await_gone(user)
        for file in self._maildir(user).iterdir():
            if file.name.startswith("dovecot") and not file.name.startswith("dovecot-uidvalidity"):
                file.unlink(missing_ok=True)  # Dovecot takes its own away meanwhile

    def files(self, user: str) -> list[str]:
        """The names of the mails in the inbox, with their flags; to see that nothing was changed."""
        folder = self._maildir(user)
        return sorted(file.name for part in ("new", "cur") for file in (folder / part).iterdir())

    def _maildir(self, user: str) -> Path:
        folder = self._folder / "mail" / user
        if not folder.exists():
            for part in (folder, folder / "tmp", folder / "new", folder / "cur"):
                part.mkdir()
                os.chown(part, _NOBODY, _NOBODY)
        return folder

    def _await_gone(self, user: str) -> None:
        asked = ["doveadm", "-c", str(self._folder / "dovecot.conf"), "-f", "tab", "who", user]
        deadline = time.monotonic() + 20
        while f"\n{user}\t" in subprocess.check_output(asked, text=True):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{user} is still connected.")
            time.sleep(0.02)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
            return probe.recv(100).startswith(b"* OK")
        return False


def _binary() -> str:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


@pytest.fixture(scope="session")
def imap_process() -> Iterator[ImapServer]:
    """One Dovecot per test process; tests use imap_server."""
    if not _binary() or os.getuid() != 0:
        pytest.skip("no IMAP server: install Debian's dovecot-imapd and run as root")
    # Beside pytest's folders, which only root may enter: Dovecot reads mail as nobody.
    folder = Path(tempfile.mkdtemp(prefix="firstpath-imap-"))
    folder.chmod(0o755)
    server = ImapServer(folder)
    server.start()
    yield server
    server.stop()
    server.tokens.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def imap_server(imap_process: ImapServer) -> ImapServer:
    """A running server; a test uses a mailbox of its own name."""
    imap_process.start()
    return imap_process
