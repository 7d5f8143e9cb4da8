"""The settings of a page that a brokerage shows to borrowers: how it looks and what is agreed to on it."""

from __future__ import annotations

from jobs.settings import addresses, values
from jobs.settings.shape import Section, Table, text, texts


class PageSection(Section):
    """What [paths.<name>.form] and [paths.<name>.link] have in common."""

    intro = text(
        "A sentence or two under the headline.", example="We answer within one business day.", default=""
    )
    brand_name = text(
        "The name shown on the page. Usual: the brokerage's.", example="Example Mortgage Group", default=""
    )
    colour = text(
        "The colour of button and links.", example="#1f5fa8", default="#1f5fa8", check=values.colour
    )
    logo_url = text(
        "A logo: an https address or a data: address.",
        example="https://www.example.com/logo.png",
        default="",
        check=addresses.picture_address,
    )
    privacy_url = text(
        "The privacy policy linked on the page.",
        example="https://www.example.com/privacy",
        default="",
        check=addresses.optional_web_address,
    )
    languages = texts(
        "The languages offered, the first one first: en, fr, es.",
        example=["en"],
        default=["en"],
        check=values.language,
    )
    consent_texts = Table(
        text("", example="J'accepte que l'on communique avec moi au sujet de ma demande."),
        about="What is agreed to in each language after the first; kept as evidence, word for word.",
        example={"fr": "J'accepte que l'on communique avec moi au sujet de ma demande."},
        check_key=values.language,
    )
    nmls = text(
        "The NMLS id or licence number shown on the page.",
        example="123456",
        default="",
        check=values.licence_number,
    )
