"""The words that tell one kind of mortgage need from another, in English, French and Spanish."""

from __future__ import annotations

from mapping.inquiry import InquiryType

_T = InquiryType
_HOME = (
    r"(?:home|house|condo|townhouse|property|place|duplex|cottage|apartment|maison"
    r"|propriete|condo|logement|chalet|casa|vivienda|propiedad|departamento)"
)

# The order is the precedence: a renewal that speaks of paying off debt is still a renewal. Each line: the
# type, what an answer chosen from a list looks like, what free words must say. All text is folded.
INQUIRY_WORDS: tuple[tuple[InquiryType, str, str], ...] = (
    (
        _T.DOCUMENT_REQUEST,
        r"document|upload|pay ?stub|paperwork|releve",
        r"(?:send|sent|submit|upload|attach\w*|provide|forward|drop off|need|envoy\w+"
        r"|transmettre|enviar\w*|subir|mandar)\W.{0,40}"
        r"(?:documents?|paperwork|pay ?stubs?|w 2s?\b|t4s?\b|bank statements?|tax returns?"
        r"|notice of assessment|\bnoa\b|payout statement|mortgage statement"
        r"|talons? de paie|releves?|documentos|talones|recibos de (?:sueldo|pago))",
    ),
    (
        _T.LENDER_UPDATE,
        r"lender update|status update|loan status",
        r"\b(?:clear to close|commitment (?:letter|issued)|conditions? (?:were |have been "
        r"|are )?(?:met|cleared|satisfied|outstanding)|suspended by underwriting)\b",
    ),
    (
        _T.PARTNER_INQUIRY,
        r"\b(?:partner|become a partner|partnership|referral (?:program|partner)|realtor"
        r"|real estate agent|agent inquiry|courtier immobilier|socio|alianza)\b",
        r"\b(?:i am|i m|je suis|soy) (?:an? |un |une )?(?:realtor|real estate (?:agent|broker)"
        r"|financial planner|builder|courtier immobilier|agente inmobiliario)\b"
        r"|\brefer (?:my |our |some )?clients|partner with (?:you|your)|preferred lender|partnership",
    ),
    (
        _T.RENEWAL,
        r"renew|renouvel|renovar|renovacion de (?:la |su |mi )?hipoteca|switch|transfer",
        r"\brenew|renouvel|renova\w* .{0,20}hipoteca|mortgage .{0,30}(?:matur\w+"
        r"|term (?:is )?(?:up|end\w*)|up for)|\b(?:term|mortgage) (?:is |will be )?(?:ending"
        r"|matur\w+|expir\w+|coming (?:up|due))"
        r"|arrive a echeance|hypotheque .{0,30}echeance|vence .{0,20}hipoteca|hipoteca .{0,20}vence",
    ),
    (
        _T.SECOND_MORTGAGE,
        r"second mortgage|2nd mortgage|heloc|home ?equity|line of credit"
        r"|hypotheque (?:secondaire|de deuxieme rang|de 2e rang)|deuxieme hypotheque"
        r"|2e hypotheque|marge (?:de credit )?hypothecaire|marge de credit|segunda hipoteca"
        r"|linea de credito|capital de (?:la|su) vivienda",
        r"\bsecond mortgage|2nd mortgage|\bheloc\b|home equity|equity (?:loan|line)"
        r"|line of credit (?:on|against)|(?:deuxieme|seconde|2e) hypotheque"
        r"|marge (?:de credit )?hypothecaire|segunda hipoteca|linea de credito (?:hipotecaria"
        r"|sobre)",
    ),
    (
        _T.DEBT_CONSOLIDATION,
        r"consolid|debt|dettes?\b|deuda",
        r"consolid\w+|(?:pay off|roll|combine|get rid of) .{0,40}(?:credit cards?|debts?"
        r"|loans?)|(?:payer|rembourser|regrouper) .{0,20}dettes|(?:pagar|juntar"
        r"|unificar) .{0,30}deudas",
    ),
    (
        _T.CONSTRUCTION,
        r"construct|\bbuild\b|\bbuilding (?:a|my|our|new|the)\b|renovat|rehab|remodel|203k"
        r"|construi|batir|renovacion|renover|terrain",
        r"construction (?:loan|mortgage|financing|to permanent)|(?:build|building) (?:a|our|my"
        r"|an|the|new)\b.{0,25}"
        + _HOME
        + r"|custom home|owner builder|\brenovat|\brehab loan|\b203k\b|\bremodel"
        r"|(?:construire|batir|renover) .{0,25}"
        + _HOME
        + r"|(?:construir|remodelar|renovar) .{0,25}"
        + _HOME,
    ),
    (
        _T.COMMERCIAL,
        r"commercial|comercial|business|multi ?residential|office|retail|industrial|warehouse",
        r"\bcommercial (?:property|loan|mortgage|building|real estate|space|unit)|\bwarehouse"
        r"|office building|retail (?:space|plaza|property)|industrial (?:property|building"
        r"|space)|apartment building|immeuble (?:commercial|a revenus)|local comercial"
        r"|propiedad comercial|edificio",
    ),
    (
        _T.PRE_APPROVAL,
        r"pre ?approv|pre ?qual|preapprob|pre approbation|preautoris|preaprob|pre aprob"
        r"|precalific|afford|get approved",
        r"\bpre ?approv|\bpre ?qual|pre ?approb|pre ?autoris|pre ?aprob|pre ?calific"
        r"|how much (?:house |home |of a \w+ )?(?:can|could) (?:i|we) (?:afford|borrow"
        r"|qualify)|combien .{0,20}emprunter|cuanto puedo (?:pedir|comprar)",
    ),
    (
        _T.REFINANCE,
        r"\brefi|lower .{0,12}(?:rate|payment)|cash ?out|better rate|take (?:out )?equity|reduire|bajar",
        r"\brefi\b|refinanc|lower .{0,20}(?:payment|interest|rate)|cash ?out|better rate"
        r"|(?:reduire|baisser|diminuer) .{0,20}(?:paiement|taux|versement)"
        r"|bajar .{0,20}(?:pago|tasa|interes)",
    ),
    (
        _T.PURCHASE,
        r"purchas|\bbuy|achat|achet|compra|first ?(?:time )?home|new home|home loan|offer|moving",
        r"\b(?:buy|buying|purchas\w+|bought)\b.{0,30}\b"
        + _HOME
        + r"|"
        + _HOME
        + r" (?:purchase|hunting)|first ?time (?:home ?)?buyer|offer (?:was |is |got )?accepted"
        r"|under contract|(?:achat|acheter) .{0,30}" + _HOME + r"|premier acheteur|compr\w+ .{0,30}" + _HOME,
    ),
    (
        _T.GENERAL_ADVICE,
        r"general|advice|question|conseil|information|consulta|consejo|asesor|renseignement",
        r"(?!)",
    ),
)
