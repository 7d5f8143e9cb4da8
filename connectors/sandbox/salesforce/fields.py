"""What a field is and how describe shows it, key by key as a real org does."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.answers import JsonObject

TEXT_TYPES = frozenset(
    {
        "string",
        "textarea",
        "email",
        "phone",
        "url",
        "picklist",
        "multipicklist",
        "combobox",
        "id",
        "reference",
    }
)
NUMBER_TYPES = frozenset({"double", "currency", "percent"})
LONG_TEXT = 256  # from this length on a text area cannot be filtered or sorted by
_SOAP = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
}

# What describe says of each of the sandbox's fields alike.
_ALWAYS: JsonObject = {
    **dict.fromkeys(
        (
            "calculatedFormula",
            "controllerName",
            "defaultValueFormula",
            "filteredLookupInfo",
            "inlineHelpText",
            "mask",
            "maskType",
            "referenceTargetField",
            "relationshipOrder",
        )
    ),
    **dict.fromkeys(
        (
            "aiPredictionField",
            "autoNumber",
            "cascadeDelete",
            "dependentPicklist",
            "deprecatedAndHidden",
            "displayLocationInDecimal",
            "encrypted",
            "formulaTreatNullNumberAsZero",
            "highScaleNumber",
            "htmlFormatted",
            "restrictedDelete",
            "writeRequiresMasterRead",
        ),
        False,
    ),
}


@dataclass(frozen=True, slots=True)
class PicklistValue:
    """One choice of a picklist."""

    value: str
    label: str
    active: bool = True
    default: bool = False

    def json(self) -> JsonObject:
        """As describe lists it."""
        return {
            "active": self.active,
            "defaultValue": self.default,
            "label": self.label,
            "validFor": None,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object; the names of the switches are those of describe.

    length is characters; precision and scale are digits in all and after the point. compound names the
    address or name that this field is a part of.
    """

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    defaulted: bool = False
    permissionable: bool = True
    external_id: bool = False
    unique: bool = False
    id_lookup: bool = False
    case_sensitive: bool = False
    calculated: bool = False
    restricted: bool = False
    name_field: bool = False
    custom: bool = False
    filterable: bool = True
    reference_to: tuple[str, ...] = ()
    relationship: str | None = None
    choices: tuple[PicklistValue, ...] = ()
    default: str | bool | None = None
    compound: str | None = None
    description: str = ""

    @property
    def required(self) -> bool:
        """Whether a create must bring a value."""
        return self.createable and not self.nillable and not self.defaulted

    @property
    def polymorphic(self) -> bool:
        """Whether it may point at several kinds of record."""
        return len(self.reference_to) > 1

    @property
    def sortable(self) -> bool:
        """Whether ORDER BY takes it."""
        return self.filterable and self.type not in ("multipicklist", "address")

    def json(self) -> JsonObject:
        """The field as describe answers it: all 57 keys."""
        return dict(sorted({**_ALWAYS, **self._nature(), **self._switches()}.items()))

    def _nature(self) -> JsonObject:
        """What it is."""
        return {
            "byteLength": 18 if self.type in ("id", "reference") else self.length * 3,
            "compoundFieldName": self.compound,
            "defaultValue": self.default,
            "digits": 9 if self.type == "int" else 0,
            "extraTypeInfo": self._extra_type(),
            "label": self.label,
            "length": self.length,
            "name": self.name,
            "picklistValues": [choice.json() for choice in self.choices],
            "precision": self.precision,
            "referenceTo": list(self.reference_to),
            "relationshipName": self.relationship,
            "scale": self.scale,
            "soapType": _SOAP.get(self.type, "xsd:string"),
            "type": self.type,
        }

    def _switches(self) -> JsonObject:
        """What can be done with it."""
        return {
            "aggregatable": self.filterable and self.type not in ("boolean", "address"),
            "calculated": self.calculated,
            "caseSensitive": self.case_sensitive,
            "createable": self.createable,
            "custom": self.custom,
            "defaultedOnCreate": self.defaulted,
            "externalId": self.external_id,
            "filterable": self.filterable,
            "groupable": self.filterable and self.type not in (*NUMBER_TYPES, "datetime", "address"),
            "idLookup": self.id_lookup,
            "nameField": self.name_field,
            "namePointing": self.polymorphic,
            "nillable": self.nillable,
            "permissionable": self.permissionable,
            "polymorphicForeignKey": self.polymorphic,
            "queryByDistance": self.type == "address",
            "restrictedPicklist": self.restricted,
            "searchPrefilterable": self.type == "reference",
            "sortable": self.sortable,
            "unique": self.unique,
            "updateable": self.updateable,
        }

    def _extra_type(self) -> str | None:
        if self.type == "textarea":
            return "plaintextarea"
        return "personname" if self.compound == "Name" and self.name != "Name" else None
