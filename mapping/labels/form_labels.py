"""What mortgage websites really call their questions, beyond the plain names: English, French and Spanish."""

from __future__ import annotations

# As in label_words.py: whole labels after phrase(), by the field they mean. Left out on purpose: "how much",
# "current mortgage", "referral source", "self employed": they ask something else on every form.
REAL_LABELS = {
    "full_name": "legal name|full legal name|name surname|nom et prenoms|nom prenom|prenom nom|nom du client"
    "|nombre s|nombres y apellidos|nombre s y apellido s|nombres completos|name of borrower|name of applicant"
    "|nom de l emprunteur|nombre del solicitante|primary contact name|what should we call you"
    "|comment vous appelez vous|como se llama|como se llama usted",
    "first_name": "first names|given names|legal first name|preferred first name|prenoms|nombres"
    "|prenom de l emprunteur",
    "last_name": "last names|surnames|family names|legal last name|apellido s|primer apellido"
    "|apellido paterno|apellidos completos",
    "email": "mail address|emails|personal email|preferred email|primary email|home email|adresse mail"
    "|adresse de messagerie|adresse electronique|courriel principal|courriel personnel"
    "|correo electronico principal|direccion de correo|direccion de email|email personal|correo personal",
    "phone": "phone no|phone num|tel no|tel number|telephone no|phone primary|cell no|mobile no"
    "|mobile phone number|cell phone number|cellphone number|best contact number|best number|daytime phone"
    "|daytime phone number|evening phone|primary phone number|preferred phone|preferred phone number"
    "|mobilephone|homephone|workphone|callback number|call back number|phone number mobile"
    "|home phone number|work phone"
    "|work phone number"
    "|whatsapp|whatsapp number|telephone mobile|telephone cellulaire|numero de cellulaire|no de cellulaire"
    "|no tel|no telephone|num tel|numero tel|telephone principal|telephone portable|portable"
    "|telephone maison|telephone domicile|telephone au travail|telefono movil|telefono de contacto"
    "|numero celular|numero de celular|numero de contacto|numero telefonico|telefono fijo|tel celular",
    "street": "street name|street 1|street line 1|address street|address street1|address street address"
    "|full address|complete address|current home address|current street address|residential address"
    "|physical address|home street address|mailing street|adresse complete|adresse actuelle|adresse civique"
    "|adresse du domicile|direccion completa|direccion actual|domicilio actual|direccion de residencia",
    "city": "current city|home city|mailing city|city name|city of residence|ville actuelle"
    "|ville de residence|localidad|poblacion|ciudad de residencia",
    "state": "state region|state of residence|state or province|province or territory"
    "|province state region|home state|current state|mailing state|us state|province de residence"
    "|estado o provincia|estado de residencia",
    "postal_code": "zip postal|zip postcode|postal code zip|zip or postal code|zip postal code|5 digit zip"
    "|5 digit zip code|zip code 5 digits|current zip|current zip code|home zip|home zip code|mailing zip"
    "|mailing zip code|address postal code|address zip code|address postcode|code postal actuel"
    "|codigo zip|cp|c p",
    "date_of_birth": "d o b|ddn|fecha nacimiento",
    "company": "firm|firm name|legal business name|company or business name|raison sociale"
    "|nom de la compagnie|nom de la societe|nom commercial|razon social|nombre del negocio",
    "property_street": "address of property|address of the property|address of subject property"
    "|property street|property street address|full property address|adresse du bien|adresse de l immeuble"
    "|direccion del inmueble|direccion de la vivienda",
    "property_city": "city of the property|where is the property located|where are you buying"
    "|where do you want to buy|where are you looking to buy|target city|desired city|desired location"
    "|preferred location|area of interest|ville souhaitee|ville desiree|secteur recherche"
    "|lieu de la propriete|ubicacion de la propiedad|ubicacion del inmueble|donde desea comprar"
    "|donde quiere comprar",
    "property_state": "subject state|state where property is located|state where the property is located"
    "|province where the property is located|province of property|province of the property"
    "|state of the property|buying state|province ou se trouve la propriete"
    "|province ou est situee la propriete|estado donde se encuentra la propiedad|estado del inmueble",
    "property_postal_code": "zip code of property|zip of property|zip code of the property"
    "|postal code of the property|postal code of property|subject property zip|subject property zip code"
    "|property zip postal code|zip code where you are buying|code postal du bien|codigo postal del inmueble",
    "property_value": "home price range|house price|maximum purchase price|max purchase price|target price"
    "|target purchase price|desired price|estimated price|estimated property price|current home value"
    "|current property value|approximate home value|approximate property value|approximate value"
    "|approx value|market value|estimated market value|fair market value|value of home|value of property"
    "|value of the property|value of the home|contract price|sales price|price of home|price of the home"
    "|home purchase price|price of property|estimated value of home|estimated value of the property"
    "|estimated value of property|prix de vente|prix de la maison|prix de la propriete|prix estime"
    "|prix demande|prix d achat estime|valeur estimee|valeur marchande|valeur actuelle|valeur de la maison"
    "|valeur approximative|valeur estimee de la propriete|valeur du bien|budget d achat|budget maximum"
    "|precio de venta|precio de la casa|precio de la vivienda|precio estimado|precio aproximado"
    "|precio maximo|valor estimado|valor de mercado|valor actual|valor de la vivienda|valor del inmueble"
    "|valor aproximado|valor estimado de la propiedad",
    "property_use": "intended use|intended property use|occupancy status|residence type|type of residence"
    "|primary residence or investment|utilisation de la propriete|utilisation prevue|usage prevu"
    "|type d occupation|occupation de la propriete|uso previsto|uso del inmueble|tipo de ocupacion"
    "|tipo de residencia",
    "property_type": "kind of property|home style|house type|building type|type de bien|type de logement"
    "|type de maison|type d immeuble|tipo de casa|tipo de inmueble|clase de propiedad",
    "loan_amount": "loan amount needed|loan amount requested|requested loan amount|desired loan amount"
    "|amount to borrow|amount to finance|financing amount|amount financed|amount owed|amount owing"
    "|mortgage owing|mortgage amount needed|current loan balance|current loan amount"
    "|existing mortgage balance|1st mortgage balance|first mortgage balance|balance owing|balance owed"
    "|balance remaining|outstanding mortgage balance|remaining mortgage balance|current mortgage amount"
    "|estimated mortgage balance|mortgage size|unpaid principal balance|payoff amount|project budget"
    "|construction budget|renovation budget|montant a emprunter|montant desire|montant souhaite"
    "|montant recherche|montant requis|montant du financement|montant de pret|montant hypothecaire"
    "|montant de l emprunt|montant du|solde de l hypotheque|solde du pret|solde actuel"
    "|solde hypothecaire actuel|capital restant|reste a payer|monto solicitado|monto deseado"
    "|monto requerido|monto de la hipoteca|monto del credito|cantidad solicitada|cantidad a financiar"
    "|saldo de la hipoteca|saldo pendiente|saldo hipotecario|saldo del prestamo|importe del prestamo",
    "down_payment": "down payment available|available down payment|amount down|money down|down pmt"
    "|down payment saved|estimated down payment|montant de la mise de fonds|mise de fonds disponible"
    "|mise de fond|monto del enganche|monto inicial|pago de entrada|anticipo|cuota de entrada",
    "inquiry_type": "i am looking to|i m looking to|i want to|i would like to|i m interested in"
    "|i am interested in|looking to|reason for contact|reason for inquiry|nature of inquiry|product"
    "|product type|loan product|mortgage product|mortgage purpose|purpose of mortgage|financing type"
    "|type of financing|type of request|type of service|service needed|services needed"
    "|service requested|services interested in|service interested in|what type of loan"
    "|what type of mortgage|je veux|je souhaite|je desire|je recherche|type de projet|type de financement"
    "|type de service|type de transaction|nature de la demande|raison de la demande|objet de la demande"
    "|but du pret|quiero|deseo|busco|tipo de financiamiento|tipo de servicio|tipo de credito"
    "|tipo de transaccion|proposito del prestamo|estoy interesado en|me interesa",
    "timeframe": "purchase timeline|buying timeline|timeline to purchase|time line|timeframe to buy"
    "|estimated closing date|desired closing date|anticipated closing date|target closing date|close date"
    "|move in date|moving date|mortgage maturity date|mortgage renewal date|term end date|end of term"
    "|date de renouvellement|date de renouvellement de l hypotheque|echeance de l hypotheque|date d achat"
    "|date d achat prevue|date de possession|date de prise de possession|fin du terme|delai souhaite"
    "|fecha de compra|fecha prevista|fecha de renovacion|fecha estimada de cierre|fecha de mudanza"
    "|plazo de compra",
    "credit_band": "estimated credit|estimated credit rating|current credit score|credit profile"
    "|credit situation|credit quality|credit standing|credit score estimate|beacon score"
    "|dossier de credit|etat du credit|situation de credit|score de credit|nivel de credito"
    "|calificacion crediticia|calificacion de credito|puntaje crediticio|historial crediticio",
    "preferred_contact": "preferred method|preferred way to contact|preferred way of contact"
    "|preferred form of contact|best contact method|best method of contact|method of contact"
    "|communication preference|contact preferences|preferred communication method"
    "|mode de communication|mode de contact prefere|methode de communication preferee"
    "|preference de contact|preference de communication|comment vous joindre|forma de contacto"
    "|forma preferida de contacto|metodo preferido de contacto|metodo de contacto preferido"
    "|medio preferido|medio de contacto preferido|via de contacto",
    "preferred_time": "preferred call time|preferred contact time|preferred time to call"
    "|preferred time of day|best day to call|best day and time to call|best time of day"
    "|best time to be reached|best time to phone|best time for a call|convenient time"
    "|convenient time to call|when to call|callback time|call back time|availability|available times"
    "|heure preferee|heure d appel|moment de la journee|meilleure heure|quand vous appeler"
    "|quand vous joindre|disponibilite|disponibilites|horario|horario preferido|horario de contacto"
    "|horario preferido para llamar|disponibilidad|hora preferida",
    "message": "more details|additional notes|additional details|additional info|other comments"
    "|other information|any questions|any comments|comments or questions|questions or comments"
    "|questions comments|comments questions|questions and comments|comments and questions|remarks"
    "|describe situation|autres commentaires|autres informations|informations supplementaires"
    "|informations additionnelles|remarques|details supplementaires|description du projet"
    "|questions ou commentaires|commentaires ou questions|observaciones|mas informacion"
    "|informacion adicional|comentarios adicionales|preguntas|preguntas o comentarios"
    "|comentarios o preguntas|detalles adicionales",
    "language": "language preference|spoken language|preferred spoken language|langue de correspondance"
    "|langue de preference|langue parlee|idioma de preferencia|idioma hablado",
    "employment": "employment status|employment type|employment situation|job status|work status"
    "|occupation|job title|profession|type of employment|current employment|statut d emploi|emploi"
    "|situation d emploi|situation professionnelle|type d emploi|statut professionnel|empleo"
    "|tipo de empleo|situacion laboral|estado laboral|ocupacion|profesion|situacion de empleo",
    "co_relationship": "relationship to borrower|relationship to applicant|relationship to primary borrower"
    "|lien avec l emprunteur|relacion con el prestatario|relacion con el solicitante",
    "consent": "communication consent|communications consent|consent to contact|permission to contact"
    "|contact permission|consent to be contacted|consent checkbox|i consent|i accept|casl consent"
    "|j accepte|je consens|consentement a la communication|consentement lcap|consiento"
    "|gdpr agreement|gdpr consent|acepto ser contactado|estoy de acuerdo|autorizacion de contacto",
    "consent_email": "email marketing consent|consent to email|email updates|newsletter|infolettre|boletin"
    "|consentement par courriel|consentimiento de correo electronico",
    "consent_phone": "consent to call|consent to calls|phone call consent|consentement appels"
    "|consentimiento de llamadas",
    "consent_sms": "texting consent|consent to text|consent to texts|text message consent"
    "|consent to receive texts|sms marketing consent|consentimiento sms|consentimiento de mensajes",
    "assigned_to": "lo name|lo email|lo id|loan officer id|mortgage advisor|mortgage agent name"
    "|mortgage broker name|mortgage specialist|mortgage consultant|home loan specialist"
    "|preferred loan officer|courtier hypothecaire|courtiere hypothecaire|specialiste hypothecaire"
    "|representant hypothecaire|nom du courtier hypothecaire|asesor hipotecario|agente hipotecario"
    "|corredor hipotecario|oficial de credito",
    "partner_name": "referred by name|name of referrer|name of realtor|name of real estate agent"
    "|realtor full name|buyers agent|buyer agent|listing agent|real estate broker|agent immobilier"
    "|nom du courtier immobilier|nom de l agent immobilier|recommande par|nombre del agente"
    "|nombre del agente inmobiliario|recomendado por|agente de bienes raices|nombre del realtor",
}

#: Somebody other than the borrower is spoken of: their name, address or number is not the borrower's.
SOMEBODY_ELSE = (
    r"\b(?:employers?|emergency|references?|landlord|attorney|lawyer|notary|notaire|notario|avocat|abogad[oa]"
    r"|accountant|comptable|contador|insurance|assurance|seguro|builder|contractor|constructeur|seller"
    r"|vendor|vendeur|vendedor|title company|escrow|empleador|employeur|bank|banque|banco|lender|preteur"
    r"|prestamista|friend|ami|amigo|parents?|child|children|enfants?|hijos?|account|compte|cuenta)\b"
)
#: The referral partner is spoken of.
PARTNER = (
    r"\b(?:realtors?|(?:buyers? |listing |real estate )agents?|referr(?:er|ing)\w*|referral partner"
    r"|courtier immobilier|agent immobilier|inmobiliari[oa])\b"
)
#: The co-borrower is spoken of.
CO_BORROWER = (
    r"(?:co ?(?:borrower|applicant|owner|client|signer|buyer|emprunteur|demandeur|acheteur|prestatario"
    r"|solicitante|deudor)s?|spouses?|wife|husband|conjointe?|epouse|epoux|conyuge|espos[oa]"
    r"|(?:second|2nd|joint|additional) (?:borrower|applicant)|(?:borrower|applicant) (?:2|two)"
    r"|(?:deuxieme|2e) (?:emprunteur|demandeur)|segundo (?:prestatario|solicitante))"
)
