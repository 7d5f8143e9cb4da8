"""What senders, visitors and admins do on a bad day: forbidden numbers everywhere, and nothing in order."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from hmac import digest
from urllib.parse import urlencode

import requests

from tests.faults.scrub_canaries import BORN, CARD, EMAIL, FIRST, LAST, PHONE, SIN, SPELLED, SSN, others, tell
from tests.fleet import FORM_KEY, TYPEFORM_KEY, TYPEFORM_SECRET, Fleet

_JSON = {"Content-Type": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_SHOWN_AGAIN = 422


class Sender:
    """Sends through the public side and remembers what was said and how it was answered."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.said: list[bytes] = []
        self.answers: list[str] = []

    def send(self, path: str, body: bytes, status: int, **headers: str) -> None:
        """One request, which must be answered so."""
        answer = requests.post(
            self._fleet.url + path, data=body, headers=headers, timeout=30, allow_redirects=False
        )
        assert answer.status_code == status, (path, answer.status_code, answer.text)
        self.said.append(body)
        # The form that is shown again holds what its own sender typed, and goes back to nobody else.
        if status != _SHOWN_AGAIN:
            self.answers.append(answer.text)

    def guess_a_password(self) -> None:
        """A borrower takes the desk's door for the lender's."""
        with requests.Session() as browser:
            page = browser.get(f"{self._fleet.url}/login", timeout=30).text
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert found
            fields = {"email": EMAIL, "password": SPELLED[SSN][0], "csrf_token": found[1]}
            assert browser.post(f"{self._fleet.url}/login", data=fields, timeout=30).status_code == 401

    def form(self, status: int = 200, key: str = FORM_KEY, **fields: str) -> None:
        """A website form of the same borrower."""
        who = {"first_name": FIRST, "last_name": LAST, "email": EMAIL, "phone": PHONE}
        body = urlencode({**who, "loan_type": "Purchase", "property_state": "CA", **fields}).encode()
        self.send(f"/in/{key}?ref={SPELLED[SSN][0]}", body, status, **_FORM)


def _typeform(token: str) -> bytes:
    asked = {"First name": FIRST, "Email": EMAIL, "Social Security Number": SPELLED[SSN][0]}
    asked |= {"Date of birth": BORN[0], "Anything else?": tell(SPELLED[SSN][1], *others(1))}
    definition = [{"id": title, "ref": title, "title": title, "type": "short_text"} for title in asked]
    answers = [{"type": "text", "text": asked[one["title"]], "field": one} for one in definition]
    response = {
        "form_id": "f",
        "token": token,
        "submitted_at": "2026-11-21T10:00:00Z",
        "definition": {"id": "f", "fields": definition},
        "answers": answers,
    }
    delivery = {"event_id": token, "event_type": "form_response", "form_response": response}
    return json.dumps(delivery, ensure_ascii=False).encode()


def what_is_taken(sender: Sender) -> None:
    """Everything that is answered 200: forms, JSON, Typeform, repeats, a revision, a bot, the hosted form."""
    for place, ssn in enumerate(SPELLED[SSN]):
        born = BORN[place % len(BORN)]
        said = tell(ssn, *others(place))
        card = SPELLED[CARD][place % 3]
        sender.form(submission_id=f"taken-{place}", message=said, ssn=ssn, dob=born, card_number=card)
    sender.form(submission_id="taken-0", message="Other words, the same id: " + tell(SSN, *others(2)))
    asked = {
        "name": f"{FIRST} {LAST}",
        "email": EMAIL,
        "sin": SPELLED[SIN][0],
        "message": tell(SSN, *others(0)),
    }
    for _ in range(2):
        sender.send(f"/in/{FORM_KEY}", json.dumps(asked, ensure_ascii=False).encode(), 200, **_JSON)
    body = _typeform("tf-1")
    seal = b64encode(digest(TYPEFORM_SECRET.encode(), body, sha256)).decode()
    sender.send(f"/in/{TYPEFORM_KEY}", body, 200, **_JSON, **{"Typeform-Signature": f"sha256={seal}"})
    sender.form(submission_id="bot", website="https://seo.example.net", message=tell(SSN, *others(1)))
    hosted = {"first_name": FIRST, "last_name": LAST, "email": EMAIL, "phone": PHONE, "loan_amount": CARD}
    hosted |= {"message": tell(SPELLED[SSN][4], *others(1)), "inquiry_type": "purchase"}
    sender.send("/f/purchase", urlencode(hosted).encode(), 303, **_FORM)


def what_is_refused(sender: Sender) -> None:
    """Everything that is not: broken, too large, unsigned, to a wrong address; and a wrong password."""
    told = {"name": f"{FIRST} {LAST}", "email": EMAIL, "ssn": SSN, "message": tell(SSN, *others(0))}
    body = json.dumps(told).encode()
    sender.send(f"/in/{FORM_KEY}", body[:-2], 400, **_JSON)
    sender.send(f"/in/{FORM_KEY}", body, 400, **{"Content-Type": "application/json; charset=klingon"})
    sender.send(f"/in/{FORM_KEY}", body, 415, **{"Content-Type": f"application/{FIRST}"})
    sender.send(f"/in/{FORM_KEY}", body * 9_000, 413, **_JSON)
    sender.send(f"/in/{TYPEFORM_KEY}", body, 401, **_JSON, **{"Typeform-Signature": f"sha256={SSN}"})
    sender.form(401, key=f"{EMAIL}-{SSN}")
    wrong = {"first_name": FIRST, "email": f"{FIRST} at home", "message": tell(SSN, *others(0))}
    came_from = f"https://example.com/?e={EMAIL}"
    sender.send(
        f"/f/purchase?email={EMAIL}", urlencode(wrong).encode(), _SHOWN_AGAIN, **_FORM, Referer=came_from
    )
    sender.send(f"/f/{EMAIL}", body, 404, **_JSON)
    sender.guess_a_password()


def failing_commands(fleet: Fleet) -> bytes:
    """Commands that fail over what they are given, and one that works."""
    asked: Sequence[tuple[str, ...]] = (
        ("user", "add", f"{FIRST} {LAST} {SSN}"),
        ("user", "link", EMAIL),
        ("user", "disable", EMAIL),
        ("status", "--json"),
    )
    done = [fleet.run(*command) for command in asked]
    assert [one.returncode for one in done] == [1, 1, 1, 0]
    return "".join(one.stdout + one.stderr for one in done).encode()
