"""What may be sent for a contact: more when it is made than when it is changed."""

from __future__ import annotations

from connectors.sandbox.highlevel.shapes import Shape

CREATE = Shape(
    {
        "locationId": "text",
        "firstName": "text",
        "lastName": "text",
        "name": "text",
        "email": "email",
        "phone": "text",
        "gender": "text",
        "address1": "text",
        "city": "text",
        "state": "text",
        "postalCode": "text",
        "country": "text",
        "website": "text",
        "timezone": "text",
        "dnd": "truth",
        "dndSettings": "object",
        "inboundDndSettings": "object",
        "tags": "texts",
        "customFields": "objects",
        "source": "text",
        "dateOfBirth": "day",
        "companyName": "text",
        "assignedTo": "text",
    },
    required=("locationId",),
)
UPSERT = Shape({**CREATE.fields, "createNewIfDuplicateAllowed": "truth"}, CREATE.required)
UPDATE = CREATE.without("locationId", "gender", "companyName")
