"""The settings of an application link: where it leads, what it asks before, how its page looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from jobs.settings import addresses, values
from jobs.settings.mistake import Key, Mistake
from jobs.settings.page_section import PageSection
from jobs.settings.shape import Table, choice, text, texts


class LinkSection(PageSection):
    """[paths.<name>.link]"""

    portal_url = text(
        "The application portal that every link leads to.",
        example="https://apply.example.com/start",
        check=addresses.web_address,
        needed=True,
    )
    portal_hosts = texts(
        "The hosts that links may lead to. Usual: the one of portal_url.",
        example=["apply.example.com"],
        check=addresses.host_name,
    )
    ask = choice(
        "What is asked before leading on: nothing, or contact (name, email or phone).",
        ("nothing", "contact"),
        default="nothing",
    )
    id_parameter = text(
        "The name under which the portal is given our id in the address, so that it can give it back.",
        example="fp",
        default="fp",
        check=values.parameter_name,
    )
    heading = text("The headline of the page that asks.", example="Before you begin", default="")
    button = text("What the button says.", example="Go to the application", default="")
    consent_text = text(
        "What the borrower agrees to by ticking the box; needed when contact is asked. Ask counsel.",
        example="I agree to be contacted about my application by phone, text and email.",
        default="",
    )
    portal_urls = Table(
        text("", example="https://apply.example.com/maya", check=addresses.web_address),
        about="A loan officer's email address, and the portal of that officer's own.",
        example={"maya@example.com": "https://apply.example.com/maya"},
    )


def contradictions(name: str, path: Mapping[str, Any]) -> Iterator[tuple[Key, Mistake]]:
    """An application link needs to know where it leads, and may lead nowhere else."""
    key = ("paths", name)
    kind, link = path.get("kind"), path.get("link")
    if kind == "application_link" and link is None:
        yield (
            (*key, "link"),
            Mistake("is missing: where do the links lead?", f"Add a section [paths.{key[-1]}.link]."),
        )
    if kind != "application_link" and link is not None:
        yield (
            (*key, "link"),
            Mistake(f"has no meaning for kind {kind}.", 'Remove it, or set kind = "application_link".'),
        )
    if not link:
        return
    if link.get("ask") == "contact" and not link.get("consent_text", "refused already"):
        yield (
            (*key, "link", "consent_text"),
            Mistake("is missing: who is asked for contact must read what for.", "Write what is agreed to."),
        )
    for position, language in enumerate(link.get("languages", ())):
        missing = position and language not in link.get("consent_texts", {})
        if missing and link.get("ask") == "contact":
            remedy = f'Add it below [paths.{name}.link.consent_texts]: {language} = "..."'
            yield (*key, "link", "languages", position), Mistake(f'"{language}" has no consent text.', remedy)
    hosts = {host.lower() for host in link.get("portal_hosts", ())}
    hosts = hosts or {urlsplit(link.get("portal_url", "")).hostname}
    portals: list[tuple[tuple[str, ...], str]] = [(("portal_url",), link.get("portal_url", ""))]
    portals += [(("portal_urls", owner), url) for owner, url in link.get("portal_urls", {}).items()]
    for place, url in portals:
        if url and urlsplit(url).hostname not in hosts:
            yield (
                (*key, "link", *place),
                Mistake("leads to a host that is not allowed.", "Add the host to portal_hosts."),
            )
