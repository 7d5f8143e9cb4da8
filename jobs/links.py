"""Application links: made for an owner, a partner and a campaign, opened, counted, closed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sqlalchemy import Connection

from jobs.ledger import events, links, notices
from jobs.ledger.links import Link, Opening
from jobs.paths.current import paths
from jobs.services import Services
from jobs.settings.model import LinkSettings, PathSettings
from mapping.link_code import KeyedHash, checked_code, new_code
from mapping.normalize.emails import read_email
from mapping.normalize.text import tidy_line

KIND = "application_link"
_TRIES = 8
_LONGEST = 200


class LinkProblem(ValueError):
    """A link cannot be made so; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link with its address and what became of its openings."""

    link: Link
    address: str
    opened: int
    started: int
    submitted: int


def create_link(
    services: Services,
    path: str,
    owner: str,
    actor: str,
    *,
    partner_name: str = "",
    partner_email: str = "",
    campaign: str = "",
) -> Link:
    """A new link. owner is a team member's email address, "" = whose turn it is. Raises LinkProblem."""
    known = paths(services).get(path)
    if known is None or known.kind != KIND or known.link is None:
        raise LinkProblem("There is no application link path of this name in the settings.")
    email = read_email(partner_email) if partner_email.strip() else ""
    if email is None:
        raise LinkProblem("The partner's address is not an email address; write it like name@example.com.")
    member = _member(services, owner)
    with services.ledger.write() as connection:
        made = Link(
            code=_free_code(services, connection),
            path=path,
            owner=member,
            partner_name=tidy_line(partner_name)[:_LONGEST],
            partner_email=email,
            campaign=tidy_line(campaign)[:_LONGEST],
            created_at=services.now(),
            created_by=actor[:26],
        )
        links.add_link(connection, services.sealer, made)
        _record(services, connection, actor, "link.created", made.code)
    return made


def find_link(services: Services, text: str) -> Link | None:
    """The link of a code as somebody typed it; a code that we never signed asks the ledger nothing."""
    code = checked_code(text[:40], _proof(services))
    if not code:
        return None
    with services.ledger.read() as connection:
        return links.link(connection, services.sealer, code)


def list_links(services: Services, owner: str = "") -> tuple[ListedLink, ...]:
    """The newest links with their counts; owner narrows them to one person's."""
    with services.ledger.read() as connection:
        found = links.links(connection, services.sealer, owner)
        counts = links.counts(connection, [one.code for one in found])
    return tuple(
        ListedLink(
            one,
            address_of(services, one.code),
            counts[one.code][links.OPENED],
            counts[one.code][links.STARTED],
            counts[one.code][links.SUBMITTED],
        )
        for one in found
    )


def disable_link(services: Services, code: str, actor: str) -> bool:
    """Close a link at once; False when it is closed already."""
    with services.ledger.write() as connection:
        done = links.disable(connection, code, services.now())
        if done:
            _record(services, connection, actor, "link.disabled", code)
    return done


def address_of(services: Services, code: str) -> str:
    """The address to hand out."""
    return f"{services.settings.server.public_url}/a/{code}"


def record_opening(services: Services, link: Link, facts: Mapping[str, object]) -> str:
    """Remember that somebody opened a link; the opening's id. Raises LedgerUnavailable."""
    id_ = services.new_id()
    (ref,) = events.hashed_refs(services.sealer, (f"link:{id_}",))
    opening = Opening(id_, link.code, services.now(), ref, facts=facts)
    services.ledger.store(lambda connection: links.add_opening(connection, services.sealer, opening))
    return id_


def portal_of(path: PathSettings, link: Link) -> str:
    """Where a link leads: only ever to an address of the settings, on a host that they allow; "" if none."""
    settings = path.link
    if settings is None:
        return ""
    url = settings.portal_urls.get(link.owner.lower(), settings.portal_url)
    return url if (urlsplit(url).hostname or "") in settings.portal_hosts else ""


def with_passed_on(url: str, settings: LinkSettings, opening_id: str, carried: Mapping[str, str]) -> str:
    """The portal's address with campaign tags, click ids and the opening's id ("" = none)."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    taken = {name for name, _ in query}
    query += [(name, value) for name, value in carried.items() if name not in taken]
    if opening_id:
        query = [(name, value) for name, value in query if name != settings.id_parameter]
        query.append((settings.id_parameter, opening_id))
    return urlunsplit(parts._replace(query=urlencode(query)))


def _member(services: Services, owner: str) -> str:
    """The owner as the playbook spells the address."""
    wanted = owner.strip().casefold()
    if not wanted:
        return ""
    found = next((one.email for one in services.playbook.team if one.email.casefold() == wanted), None)
    if found is None:
        raise LinkProblem("The owner is not a member of the playbook's team; use a member's email address.")
    return found


def _free_code(services: Services, connection: Connection) -> str:
    for _ in range(_TRIES):
        code = new_code(secrets.token_bytes(16), _proof(services))
        if links.link(connection, services.sealer, code) is None:
            return code
    raise LinkProblem("No free code was found; try again.")


def _proof(services: Services) -> KeyedHash:
    return lambda text: services.sealer.lookup("application_link.code", text)


def _record(services: Services, connection: Connection, actor: str, action: str, code: str) -> None:
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor=actor,
        action=action,
        object_kind="application_link",
        object_id=code,
    )
