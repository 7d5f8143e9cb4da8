"""Is the sender who it says it is? Only by what our own mail server, or the mail provider, has checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mapping.mail.letter import Letter

# Everybody may have an address below these: they are no common owner.
_PUBLIC_SUFFIXES = frozenset(
    {"co.uk", "com.au", "com.mx", "com.br", "co.nz", "com.co", "on.ca", "qc.ca", "bc.ca", "ab.ca"}
    # Reserved for examples (RFC 2606): in documentation and trials, every name below them is another house.
    | {"example.com", "example.org", "example.net"}
)
_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"^\s*([a-z-]+)\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header|smtp)\.([a-z]+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)
_AFTER_RECEIVED = frozenset({"mx.google.com"})  # writes its results below its own Received line
_WITHOUT_NAME = "protection.outlook.com"  # writes no authserv-id at all


@dataclass(frozen=True, slots=True)
class Trust:
    """proved: the From address is its sender's own. failed: it was checked and is not. why: in words."""

    proved: bool = False
    failed: bool = False
    why: str = ""


def trust_in(letter: Letter, authserv_id: str) -> Trust:
    """What is known about the From address. Results of anybody but authserv_id count for nothing."""
    if letter.senders != 1 or not letter.sender.address:
        return Trust(why="The mail names no single sender.")
    if letter.checks:
        return _by_provider(letter)
    if not authserv_id:
        return Trust(
            why="No mail server is named in this path's authserv_id whose check of the sender could be "
            "believed."
        )
    results = list(_own_results(letter, authserv_id.lower()))
    if not results:
        return Trust(why="Our mail server did not check this sender, or did not write it down.")
    return _by_results(results, letter.sender.domain)


def aligned(one: str, other: str) -> bool:
    """The same domain, or one below the other (RFC 7489, relaxed)."""
    one, other = one.lower().strip("."), other.lower().strip(".")
    if not one or not other or min(one.count("."), other.count(".")) < 1:
        return False
    if one == other:
        return True
    if one in _PUBLIC_SUFFIXES or other in _PUBLIC_SUFFIXES:
        return False
    return one.endswith("." + other) or other.endswith("." + one)


def _own_results(letter: Letter, server: str) -> Iterator[str]:
    """The results that our server wrote: they stand above the Received line that it added itself."""
    received = [
        (place, _by_host(value)) for place, (name, value) in enumerate(letter.trace) if name == "received"
    ]
    ours = [place for place, host in received if host == server or host.endswith("." + server)]
    others = [place for place, _ in received]
    if server in _AFTER_RECEIVED and ours:
        yield from _below_own(letter, server, ours[0])
        return
    limit = ours[0] if ours else others[0] if others else len(letter.trace)
    for place, (name, value) in enumerate(letter.trace):
        if name == "authentication-results" and place < limit and _is_from(value, server):
            yield _COMMENT.sub(" ", value)


def _below_own(letter: Letter, server: str, own: int) -> Iterator[str]:
    """The topmost result right below the server's own Received line; what follows came with the mail."""
    for name, value in letter.trace[own + 1 :]:
        if name == "received":
            return
        if name == "authentication-results":
            if _is_from(value, server):
                yield _COMMENT.sub(" ", value)
            return


def _by_host(received: str) -> str:
    found = _BY.search(_COMMENT.sub(" ", received))
    return found[1].lower().strip(".") if found else ""


def _is_from(results: str, server: str) -> bool:
    head = _COMMENT.sub(" ", results).partition(";")[0].split()
    name = head[0].lower() if head else ""
    return name == server or (server.endswith(_WITHOUT_NAME) and "=" in name)


def _by_results(results: list[str], domain: str) -> Trust:
    """DMARC decides; without it an aligned DKIM signature; SPF alone says nothing of the From line."""
    verdicts = [(method, verdict, about) for text in results for method, verdict, about in _verdicts(text)]
    dmarc = {
        verdict
        for method, verdict, about in verdicts
        if method == "dmarc" and aligned(about.get("header.from", domain), domain)
    }
    signed = any(
        method == "dkim" and verdict == "pass" and aligned(_signer(about), domain)
        for method, verdict, about in verdicts
    )
    if "fail" in dmarc or "reject" in dmarc:
        return Trust(
            failed=True, why="Our mail server found the sender's address to be forged (DMARC failed)."
        )
    if "pass" in dmarc or signed:
        return Trust(proved=True)
    return Trust(why="Our mail server could not prove the sender's address (no DMARC and no matching DKIM).")


def _verdicts(results: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    for part in results.split(";"):
        method = _METHOD.match(part)
        if method:
            about = {f"{kind}.{name}".lower(): value.lower() for kind, name, value in _PROPERTY.findall(part)}
            yield method[1].lower(), method[2].lower(), about


def _signer(about: dict[str, str]) -> str:
    return about.get("header.d") or about.get("header.i", "").rpartition("@")[2]


def _by_provider(letter: Letter) -> Trust:
    """checks: dmarc, dkim, spf = pass|fail|none; dkim_domains and spf_domain are what they speak about."""
    checks, domain = letter.checks, letter.sender.domain
    if checks.get("dmarc") == "fail":
        return Trust(
            failed=True, why="The mail provider found the sender's address to be forged (DMARC failed)."
        )
    spf_about = checks.get("spf_domain", "")
    signers = checks.get("dkim_domains", "").split()
    signed = checks.get("dkim") == "pass" and (
        any(aligned(signer, domain) for signer in signers) if signers else aligned(spf_about, domain)
    )
    posted = checks.get("spf") == "pass" and aligned(spf_about, domain)
    if checks.get("dmarc") == "pass" or signed or posted:
        return Trust(proved=True)
    if checks.get("dkim") == "fail" or (checks.get("spf") == "fail" and not signed):
        return Trust(
            failed=True, why="The mail provider's check of the sender's address failed (DKIM or SPF)."
        )
    return Trust(why="The mail provider could not prove the sender's address.")
