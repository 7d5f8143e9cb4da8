"""What form fields are called: the words behind each canonical field, in English, French and Spanish."""

from __future__ import annotations

import re

from mapping.canonical import IGNORE

# Whole keys and labels, after phrase(): no accents, no capitals, no "your".
PHRASES = {
    "full_name": "name|full name|fullname|complete name|first and last name|first last name|nom"
    "|nom complet"
    "|nom et prenom|prenom et nom|nombre|nombre completo|nombre y apellido|nombre y apellidos",
    "first_name": "first name|first|fname|f name|firstname|given name|forename|prenom|primer nombre"
    "|nombre de pila"
    "|name first|name first name",
    "middle_name": "middle name|middle|mname|middle initial|segundo nombre|name middle",
    "last_name": "last name|last|lname|l name|lastname|surname|family name|nom de famille|apellido"
    "|apellidos"
    "|name last|name last name",
    "suffix": "suffix|name suffix",
    "email": "email|e mail|mail|email address|e mail address|emailaddress|courriel"
    "|adresse courriel|adresse email"
    "|adresse e mail|adresse de courriel|correo|correo electronico"
    "|direccion de correo electronico|email id|best email",
    "phone": "phone|tel|telephone|phone number|phonenumber|telephone number|cell|cell phone"
    "|cellphone|mobile"
    "|mobile phone|mobile number|cell number|home phone|phone home|day phone|phone mobile"
    "|primary phone|best phone"
    "|best number to reach you|best phone number|contact number|phone number full"
    "|phone full|numero de telephone"
    "|no de telephone|cellulaire|telefono|numero de telefono|celular|movil|telefono celular",
    "phone_ext": "ext|extension|phone ext|phone extension|poste|interno",
    "company": "company|company name|business name|business|organization|employer name|entreprise|societe"
    "|nom de l entreprise|compagnie|empresa|nombre de la empresa|compania",
    "street": "street|street address|address|address line 1|address 1|address1|addr line1"
    "|address addr line1"
    "|mailing address|home address|current address|adresse|adresse postale|rue|direccion|calle|domicilio",
    "city": "city|town|address city|city town|ville|ciudad|municipalite|municipio",
    "state": "state|province|region|state province|province state|province territory|address state"
    "|state code"
    "|estado|provincia|etat|province ou territoire",
    "postal_code": "zip|zip code|zipcode|postal code|postal|postcode|zip postal code|postal zip code"
    "|address zip"
    "|address postal|code postal|codigo postal",
    "country": "country|pays|pais|address country",
    "date_of_birth": "date of birth|birth date|birthdate|dob|birthday|date de naissance|fecha de nacimiento",
    "property_street": "property address|subject property|property location address|adresse de la propriete"
    "|direccion de la propiedad|property address full|property address street",
    "property_city": "property city|city of property|property location|lot location|location|property area"
    "|where is the property|ville de la propriete|ciudad de la propiedad",
    "property_state": "property state|property province|state of property|which state is the property in"
    "|what state is the property in|which province is the property in"
    "|subject property state|province de la propriete"
    "|estado de la propiedad|state abbreviation",
    "property_postal_code": "property zip|property zip code|property postal code|property postal"
    "|property zipcode|code postal de la propriete|codigo postal de la propiedad",
    "property_country": "property country",
    "property_value": "property value|home value|house value|purchase price|price|home price|property price"
    "|sale price|asking price|estimated value|estimated home value"
    "|estimated property value|budget|price range"
    "|prix|prix d achat|valeur de la propriete|valeur|precio|precio de compra"
    "|valor de la propiedad|presupuesto"
    "|valor de la casa|estimated purchase price|purchase price range|appraised value",
    "property_use": "property use|occupancy|occupancy type|use of property|usage|usage de la propriete"
    "|uso de la propiedad|dwelling use|property usage",
    "property_type": "property type|type of property|home type|dwelling type|type de propriete"
    "|tipo de propiedad"
    "|tipo de vivienda",
    "loan_amount": "loan amount|amount|mortgage amount|amount needed|amount requested|requested amount"
    "|loan size"
    "|loan value|balance|current balance|remaining balance|mortgage balance"
    "|outstanding balance|loan balance"
    "|estimated loan balance|current mortgage balance|loan or purchase amount|montant|montant du pret"
    "|montant de l hypotheque|montant demande|solde|solde hypothecaire|solde restant"
    "|monto|monto del prestamo"
    "|cantidad|cantidad del prestamo|saldo|saldo actual",
    "down_payment": "down payment|down|downpayment|down payment amount|cash down|mise de fonds|apport"
    "|pago inicial|enganche|cuota inicial|entrada",
    "inquiry_type": "inquiry type|loan type|loan purpose|purpose|service|services|goal|request"
    "|request type|need"
    "|needs|type|topic|subject|reason|mortgage type|type of loan|type of mortgage"
    "|type of inquiry|interest"
    "|interested in|mortgage need|loan program|transaction type|purpose of loan|application type|what do"
    "|what do you want to do|type de demande|type de pret|type d hypotheque|besoin|objet"
    "|sujet|projet|motif"
    "|tipo de prestamo|tipo de consulta|tipo de hipoteca|tipo de solicitud|servicio"
    "|motivo|asunto|proposito",
    "timeframe": "timeframe|time frame|timeline|timing|when|how soon|closing date|target date|maturity"
    "|maturity date"
    "|renewal date|purchase timeframe|purchase time frame|urgency|delai|echeancier"
    "|date d echeance|echeance|quand"
    "|date de cloture|plazo|cuando|fecha de cierre|fecha de vencimiento|expected closing date",
    "credit_band": "credit|credit score|credit rating|credit range|credit score range|credit history|fico"
    "|fico score|credit band|estimated credit score|cote de credit|pointage de credit|credito"
    "|puntaje de credito|historial de credito|puntuacion de credito",
    "preferred_contact": "preferred contact|preferred contact method|contact method|contact by|contact me by"
    "|contact preference|best way to contact you|best way to reach you|preferred method of contact"
    "|preferred communication|how should we contact you|methode de contact"
    "|moyen de contact|moyen de contact prefere"
    "|mode de contact|metodo de contacto|contacto preferido|medio de contacto",
    "preferred_time": "preferred time|best time|best time to call|best time to contact"
    "|best time to reach you"
    "|time to call|time to contact|call time|best time to contact you|meilleur moment"
    "|meilleur moment pour appeler"
    "|moment prefere|mejor hora|mejor hora para llamar|mejor momento",
    "message": "message|messages|comments|comment|notes|note|details|question|questions|description"
    "|inquiry"
    "|additional comments|additional information|tell us more|how can we help you today|more information"
    "|tell us about loan|anything else|commentaire|commentaires|renseignements|precisions"
    "|mensaje|comentario"
    "|comentarios|pregunta|notas|detalles",
    "language": "language|preferred language|lang|locale|langue|langue preferee|idioma"
    "|idioma preferido|lengua",
    "assigned_to": "lo|loan officer|loanofficer|loan officer email|loan officer name|mortgage agent"
    "|advisor"
    "|mortgage broker|assigned to|officer|originator|mlo|courtier|agent hypothecaire|conseiller|asesor"
    "|oficial de prestamos",
    "partner_name": "partner name|referred by|referral|referrer name|referral name|referral partner"
    "|referring agent"
    "|realtor|realtor name|agent name|real estate agent|real estate agent name"
    "|who referred you|refere par"
    "|courtier immobilier|referido por|agente inmobiliario",
    "partner_company": "partner company|realtor company|referral company|brokerage name|agent company",
    "partner_email": "partner email|realtor email|agent email|referral email|referral partner email"
    "|referrer email"
    "|real estate agent email",
    "partner_phone": "partner phone|realtor phone|agent phone|referral phone|referral partner phone"
    "|referrer phone"
    "|real estate agent phone",
    "consent": "consent|i agree|agree|agreement|acceptance|opt in|optin|contact consent|tcpa"
    "|tcpa consent|gdpr"
    "|marketing consent|permission|consent flag|consentement|consentimiento|acepto",
    "consent_email": "email consent|consent email|email opt in|email optin|newsletter consent"
    "|consentement courriel",
    "consent_phone": "phone consent|consent phone|call consent|phone opt in|consent call"
    "|consentement telephone",
    "consent_sms": "sms consent|text consent|consent sms|sms opt in|sms optin|text opt in"
    "|consent text messages"
    "|consentement sms|consentement texto",
    "consent_text": "consent text|tcpa text|tcpa language|disclosure|disclosure text|consent language"
    "|tcpa disclosure",
    "certificate_url": "xxtrustedformcerturl|xx trusted form cert url|trusted form cert url"
    "|trustedform cert url"
    "|trustedform url|certificate url|trusted form certificate url|trustedform certificate url",
    "lead_id_token": "universal leadid|leadid token|leadid|jornaya|jornaya lead id|jornaya leadid"
    "|jornaya leadid token"
    "|lead id token|universal lead id",
    "page_url": "page url|page uri|pageurl|page|source url|form url|current url",
    "landing_page": "landing page|landing page url|landing url|entry page",
    "referrer": "referrer|referer|http referer|referring url|referrer url",
    "external_id": "external id|lead id|leadid number|submission id|lead external id",
    "submitted_at": "submitted|submitted at|submitted on|submit date|submission date|submission time"
    "|date submitted|created|created at|created on|created date|created time|create date|date created"
    "|creation date|lead date|lead created|lead created date|lead create date|inquiry date|date of inquiry"
    "|received on|received date|date received|date added|timestamp|horodateur|date de creation|date d envoi"
    "|date de reception|marca temporal|fecha de creacion|fecha de envio|fecha de recepcion",
    IGNORE: "submit|g recaptcha response|h captcha response|cf turnstile response|recaptcha"
    "|captcha|csrf token|csrf"
    "|authenticity token|wpnonce|nonce|redirect|redirect url|next|form nonce",
}


# Questions, in the order they are tried: the first that is found in the folded label decides.
QUESTIONS = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (
            "consent",
            r"^(i|we|yes i) (agree|consent|accept|authori[sz]e|acknowledge|would like to receive"
            r"|do not|don t)|^(please )?((do not|don t) \w+ me|unsubscribe|opt (me )?out)\b"
            r"|\bby (checking|clicking|submitting|providing)\b|\b(consent"
            r"|opt in) to\b|\bi (agree|consent) to\b|j accepte|j autorise|je consens"
            r"|je souhaite recevoir|\bacepto\b|\bautorizo\b|doy mi consentimiento",
        ),
        ("date_of_birth", r"date of birth|birth ?date|date de naissance|fecha de nacimiento"),
        (
            "credit_band",
            r"\bcredit (score|rating|range|history|profile)|(how is|rate|describe|estimate)( the"
            r"| your)? credit\b|cote de credit|pointage de credit|(puntaje|historial"
            r"|puntuacion) (de credito|crediticio)|es su credito|dossier de credit",
        ),
        ("down_payment", r"\bdown ?payment|mise de fonds|pago inicial|enganche|cuota inicial"),
        (
            "property_value",
            r"(purchase|home|property|house|asking|sale|listing) (price|value)|(home|house"
            r"|property) (is )?worth|value of( the| your)? (home|property|house)|prix d achat"
            r"|valeur (de|du) .*(propriete|maison)|precio de (compra|la)|valor de .*(casa"
            r"|propiedad|vivienda)|what is .*price",
        ),
        (
            "loan_amount",
            r"(loan|mortgage) amount|how much (do you|would you like to|are you looking to) (need"
            r"|owe|borrow|want to borrow)|(mortgage|loan|remaining|outstanding|principal) balance"
            r"|balance (of|on) (your|the) (mortgage|loan)|montant (du pret|de l hypotheque"
            r"|souhaite)|monto del prestamo|cuanto (debe|necesita)",
        ),
        (
            "property_state",
            r"(which|what) (state|province).*(propert|home|house|live|buy|locat)|(state"
            r"|province) (is|of) .*(propert|home)|quelle province|(en que|cual) (estado|provincia)",
        ),
        (
            "preferred_time",
            r"best time|(what|which) time|when (is|should|can|would) .*(call|reach|contact)"
            r"|meilleur moment|a quel moment|mejor (hora|momento)|a que hora",
        ),
        (
            "preferred_contact",
            r"(how|way|method).*(contact|reach|get in touch)|contact (method|preference)"
            r"|comment .*(joindre|contacter)|como .*contactar",
        ),
        (
            "timeframe",
            r"(when|how soon) (do|are|would|will|is) .*(buy|purchas|clos|move|start|refinanc|matur"
            r"|renew|up for|need|plan)|(closing|maturity|renewal) date|time ?(frame|line)"
            r"|\bquand\b.*(acheter|prevoyez|echeance)|\bcuando\b.*(comprar|planea|necesita)",
        ),
        (
            "property_use",
            r"how will .*(use|occupy)|(primary|main) (residence|home) or|comment .*(utiliser|occuper)",
        ),
        (
            "property_type",
            r"(what|which) (type|kind) of (property|home|house)|quel type de propriete"
            r"|que tipo de (propiedad|vivienda)",
        ),
        (
            "inquiry_type",
            r"what (are you|would you|do you) .*(looking|like|want|need|hoping|interested)"
            r"|how (can|may) we (help|assist)|what can we (help|do)|looking (to|for)"
            r"|what brings you|type of (loan|mortgage|financing|help)|(loan|mortgage) (type"
            r"|purpose)|comment pouvons nous|que (souhaitez|voulez|cherchez) vous"
            r"|quel est votre (besoin|projet)|en que podemos|como podemos ayudar|que (esta "
            r"|estas )?(busca|desea"
            r"|necesita)|interested in",
        ),
        (
            "message",
            r"tell us (more|about)|anything else|(additional|other) (comments|information|details"
            r"|notes)|your (message|question)|autre chose|dites nous|cuentenos|algo mas",
        ),
        (
            "partner_name",
            r"who (referred|sent) you|referred (you )?by|qui vous a refere|quien (lo|la|le"
            r"|te) (refirio|recomendo)",
        ),
        (
            "email",
            r"(what|which|enter|best|provide).*\be ?mail\b(?!.*(agree|newsletter|receive))"
            r"|\be ?mail address\b|adresse courriel|correo electronico",
        ),
        (
            "phone",
            r"\b(phone|cell|mobile) (number|phone)\b|number .*(reach|call) you"
            r"|numero de (telephone|telefono)",
        ),
    )
)
