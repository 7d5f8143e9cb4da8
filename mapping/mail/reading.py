"""One mail → the inquiries in it, each with its borrower, its partner and whether the sender is proved."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mapping.answers import Answer, Answers
from mapping.consent.opt_out import left_in_mail
from mapping.mail.blocks import Block, block_of, table_rows
from mapping.mail.contact import contact_of
from mapping.mail.facts import facts_in
from mapping.mail.layers import Layer, layers_of
from mapping.mail.letter import Letter
from mapping.mail.names import introduced, names_in
from mapping.mail.no_inquiry import no_inquiry
from mapping.mail.notification import is_notification, notification_vendor, without_boilerplate
from mapping.mail.numbered import items_of
from mapping.mail.partner import foreign_reply_to, officers, partner_of
from mapping.mail.purpose import purpose
from mapping.mail.roles import Ours, Roles, direct_or_referred, forwarded, others_of, ours_of
from mapping.mail.said import has, named, unsaid
from mapping.mail.signature import signed
from mapping.mail.trust import Trust, trust_in

_INLINE = re.compile(
    r"^(?:image\d{3}|outlook-|logo|signature|icon|facebook|linkedin|instagram)[\w-]*\.(?:png|jpe?g|gif)$"
    r"|\.(?:ics|vcf|p7s|asc)$|^winmail\.dat$",
    re.IGNORECASE,
)
_CUT = {
    "too_many_parts": "The mail has more parts than any real one; it was read only in part.",
    "too_deep": "The mail is nested deeper than any real one; it was read only in part.",
    "headers_too_long": "The mail's headers are longer than any real one's; it was read only in part.",
}
_MOST_ROWS = 100
NOT_PROVED = "sender_authentication_failed"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the path's settings say about its mail."""

    country: str = "US"
    own_domains: tuple[str, ...] = ()
    authserv_id: str = ""


class Reading:
    """What is known of one mail while it is read. Pure; never raises for anything a mail says."""

    def __init__(self, letter: Letter, around: Surroundings) -> None:
        self.letter = letter
        self.country = around.country
        self.ours: Ours = ours_of(letter, around.own_domains)
        self.trust: Trust = trust_in(letter, around.authserv_id)
        self.layers: list[Layer] = layers_of(letter, self.ours.has)
        self._note = signed(self.layers[0].body, letter.sender.name, self.country)
        self.others = others_of(letter, self.layers, self.ours)
        self.id = letter.message_id or _made_up_id(letter)

    @property
    def forged(self) -> str:
        """Why the sender is certainly another, "" when nobody knows."""
        return self.trust.why if self.trust.failed else ""

    @property
    def unproved(self) -> str:
        """Why the sender may be another, "" when it was proved."""
        return "" if self.trust.proved else self.trust.why

    @property
    def ignored(self) -> Answers | None:
        """The part that says why this is no inquiry; None when it may be one."""
        last = self.layers[-1]
        block = block_of(signed(last.body, last.writer.name, self.country).words)
        found = no_inquiry(
            self.letter, form=is_notification(self.letter, block) or "<adf" in self.letter.text
        )
        return self._ignored(*found) if found else None

    def sent_along(self, row: list[Answer]) -> Answers:
        """One row of a table that a partner attached."""
        return replace(self._referred(list(row), 0), external_id="")

    def parts(self) -> list[Answers]:
        """At least one."""
        last = self.layers[-1]
        block = block_of(signed(last.body, last.writer.name, self.country).words)
        notifies = is_notification(self.letter, block)
        left = left_in_mail(self.letter.subject, self._note.words)
        if left and not notifies and not self.ours.has(self.letter.sender):
            return [self._withdrawn(left)]
        if notifies and len(self.layers) == 1:
            return [self._notified(block)]
        several = self._several()
        return several or [self._single(block)]

    def _ignored(self, code: str, sentence: str) -> Answers:
        report = self.letter.report or {}
        items = [
            Answer(f"bounce {name}", "", (report[name],), "email" if name == "recipient" else "")
            for name in ("recipient", "status")
            if report.get(name)
        ]
        refs = tuple(f"message:{one}" for one in (report.get("original_message_id", ""),) if one)
        return Answers(
            "email",
            tuple(items),
            external_id=self.id,
            refs=refs,
            ignored=sentence,
            ignored_code=code,
            submitted_at=self.letter.sent_at,
        )

    def _notified(self, block: Block) -> Answers:
        """A form's or a vendor's software wrote it: the answers are the visitor's, nobody referred them."""
        items = [*block.answers]
        visitor = next((one.address for one in self.letter.reply_to if not self.ours.has(one)), "")
        if visitor and not any(item.field == "email" for item in items):
            items.append(Answer("Reply-To", "", (visitor,), "email"))
        rest = without_boilerplate(block.rest)
        if rest:
            items.append(Answer("mail text", "", (rest,), "message"))
        answers = self._answers(items, vendor=notification_vendor(self.letter))
        return replace(answers, distrust=self.forged, distrust_code=NOT_PROVED) if self.forged else answers

    def _withdrawn(self, channels: tuple[str, ...]) -> Answers:
        """The writer wants to be left alone, whoever it is and whatever was quoted below."""
        asked = "The borrower asked by mail to be left alone."
        found = [
            Answer("mail sender", "", (self.letter.sender.address,), "email"),
            *(Answer(f"mail {name}", asked, ("no",), f"consent_{name}") for name in channels),
            Answer("mail text", "", (self._note.words or self.letter.subject,), "message"),
        ]
        answers = replace(self._answers(found, vendor="email"), kind="withdrawal", refs=(), event_id=self.id)
        return replace(answers, distrust=self.forged, distrust_code=NOT_PROVED) if self.forged else answers

    def _several(self) -> list[Answers]:
        """One part for each item of a list of people; [] when the mail is about one matter."""
        last = self.layers[-1]
        parted = signed(last.body, last.writer.name, self.country)
        rows = table_rows(parted.words)
        if len(rows) > 1:
            texts = [list(row) for row in rows]
            return [self._referred(items, number) for number, items in enumerate(texts[:_MOST_ROWS], 1)]
        before, items = items_of(parted.words, self.country)
        shared = [] if not items else facts_in(before)
        return [self._item(item, shared, before, number) for number, item in enumerate(items, 1)]

    def _item(self, text: str, shared: list[Answer], before: str, number: int) -> Answers:
        block = block_of(text)
        said = {answer.field for answer in block.answers}
        found = list(block.answers)
        who = "" if said & {"full_name", "first_name"} else self._name_of(text)
        if who:
            found.append(Answer("mail name", "", (who,), "full_name"))
        roles = Roles(who, "", True, block.rest if block.known >= 2 else text)
        found += [one for one in self._reach(roles) if one.field not in said]
        need = purpose("", text, referred=True) or purpose(self.letter.subject, before, referred=True)
        found += unsaid([*facts_in(text), *([need] if need else []), *shared], found)
        found.append(Answer("mail text", "", (text,), "message"))
        return self._referred(found, number)

    def _name_of(self, text: str) -> str:
        start = re.split(r"[,;:(–\n]|\s-\s", text.strip(), maxsplit=1)[0][:80]
        names = names_in(start, self.others)
        return (
            names[0]
            if names and text.strip().startswith(names[0].split()[0])
            else introduced(text, self.others) or (names[0] if names else "")
        )

    def _single(self, block: Block) -> Answers:
        last, forward = self.layers[-1], len(self.layers) > 1
        said = {answer.field for answer in block.answers}
        if forward:
            roles = forwarded(self.letter, self.layers, self.others, self.country)
        else:
            roles = direct_or_referred(self.letter, last, self.others, self.country, self.ours)
        if block.known >= 2 and said & {"full_name", "first_name", "email", "phone"}:
            return self._labelled(block, roles, forward=forward)
        return self._free(roles, block, forward=forward)

    def _labelled(self, block: Block, roles: Roles, *, forward: bool) -> Answers:
        """Labelled lines say who and what; the text around them fills gaps."""
        email = next((item.text.lower() for item in block.answers if item.field == "email"), "")
        is_named = has(block.answers, "full_name") or has(block.answers, "first_name")
        self_said = email == self.letter.sender.address or (not email and not is_named)
        found = officers(block.answers, self.ours)
        text = "\n\n".join(filter(None, (roles.aside, block.rest)))
        need = None if has(found, "inquiry_type") else purpose(self.letter.subject, text, referred=True)
        found += unsaid([*facts_in(text), *([need] if need else [])], found)
        if text:
            found.append(Answer("mail text", "", (text,), "message"))
        found.append(Answer("mail subject", "", (self.letter.subject,), "ignore"))
        if self_said:
            found += unsaid(
                [*named(roles.who), Answer("From", "", (self.letter.sender.address,), "email")], found
            )
            return self._direct(found)
        if forward and not email and not roles.by_other and roles.email:
            found.append(Answer("From", "", (roles.email,), "email"))
        return self._referred(found, 0, roles)

    def _free(self, roles: Roles, block: Block, *, forward: bool) -> Answers:
        text = "\n\n".join(filter(None, (roles.text, roles.aside)))
        found = [item for item in block.answers if item.field and block.known]
        found += unsaid([*named(roles.who), *self._reach(roles)], found)
        updates = bool(self.letter.in_reply_to) and not forward
        need = purpose("" if updates else self.letter.subject, text, referred=roles.by_other or forward)
        facts = facts_in(text, subject=self.letter.subject, reference=not (roles.by_other or forward))
        found += unsaid([*facts, *([need] if need else [])], found)
        found.append(Answer("mail text", "", (self._message(roles),), "message"))
        if not roles.by_other and not forward:
            return self._direct(found, updates=updates)
        answers = self._referred(found, 0, roles)
        if updates and not (roles.strongly and (has(found, "email") or has(found, "phone"))):
            return replace(answers, kind="update", refs=(*self._thread(), *answers.refs), event_id=self.id)
        return answers

    def _message(self, roles: Roles) -> str:
        words = (
            roles.text if roles.by_other else signed(roles.text, roles.who, self.country).words or roles.text
        )
        return "\n\n".join(filter(None, (roles.aside, words))) or self.letter.subject

    def _reach(self, roles: Roles) -> list[Answer]:
        return contact_of(roles, self.letter, self.layers, self.ours, self.others, self.country)

    def _direct(self, found: list[Answer], *, updates: bool = False) -> Answers:
        """The borrower wrote. Like on a website's form, anybody may: only a proved forgery is set aside."""
        answers = self._answers(found, vendor="email")
        if updates:
            answers = replace(answers, kind="update", refs=(*self._thread(), *answers.refs), event_id=self.id)
        return replace(answers, distrust=self.forged, distrust_code=NOT_PROVED) if self.forged else answers

    def _referred(self, found: list[Answer], number: int, roles: Roles | None = None) -> Answers:
        """Somebody else wrote: a partner, who must be proved, or one of us."""
        parted = roles.signed if roles and roles.signed else self._note
        colleague = self.ours.has(self.letter.sender)
        partner = [] if colleague else partner_of(self.letter.sender, found, parted)
        vendor = "email" if colleague else "email-referral"
        answers = self._answers([*found, *partner], vendor=vendor, number=number)
        why = self.unproved or foreign_reply_to(self.letter, found, self.ours)
        if why:
            return replace(answers, distrust=why, distrust_code=NOT_PROVED)
        return replace(answers, sender=self.letter.sender.address)

    def _thread(self) -> tuple[str, ...]:
        ids = dict.fromkeys((*self.letter.in_reply_to, *reversed(self.letter.references)))
        return tuple(f"message:{one}" for one in ids if one)

    def _answers(self, found: Sequence[Answer], *, vendor: str, number: int = 0) -> Answers:
        names = [one.name for one in self.letter.attachments if not _INLINE.search(one.name)]
        attached = [Answer("mail attachments", "", tuple(names), "attachments")] if names else []
        cut = next((sentence for code, sentence in _CUT.items() if code in self.letter.cut), "")
        answers = Answers(
            vendor,
            tuple(item for item in (*found, *attached) if item.field != "ignore"),
            external_id=f"{self.id}#{number}" if number else self.id,
            submitted_at=self.letter.sent_at,
            refs=(f"message:{self.id}",),
        )
        return replace(answers, distrust=cut, distrust_code="too_complex") if cut else answers


def _made_up_id(letter: Letter) -> str:
    """For the rare mail without Message-ID: the same mail has the same one."""
    said = "\x00".join((str(letter.sent_at), letter.sender.address, letter.subject, letter.text))
    return f"sha256-{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:32]}"
