"""French words that point at a requester or a category: cautious, ordered, and only ever a suggestion.

Words are matched in lower case without accents. Requesters and categories are those of the law packs.
"""

import re

REQUESTER_DOMAINS = (
    ("police.belgium.eu", "police"),
    ("minfin.fed.be", "tax_administration"),
)
"""Mail domains that one kind of requester alone uses; courts and prosecutors share just.fgov.be, so words decide."""

REQUESTERS = tuple(
    (re.compile(pattern), requester)
    for pattern, requester in (
        (r"\bjuge d.instruction\b", "investigating_judge"),
        (r"\bauditeur du travail\b|\bauditorat du travail\b", "labour_auditor"),
        (r"\bprocureure? du roi\b|\bparquet (du|de)\b|\bsubstitute? du procureur\b", "prosecutor"),
        (r"\bcommission d.enquete parlementaire\b", "parliamentary_inquiry"),
        (r"\bsurete de l.etat\b", "intelligence_service"),
        (r"\boffice des etrangers\b", "immigration_office"),
        (r"\binspect(eur|rice|ion) sociale?\b", "social_inspection"),
        (r"\bspf finances\b|\badministration fiscale\b|\bcontroleu?r?e? des contributions\b", "tax_administration"),
        (r"\bzone de police\b|\bpolice (locale|federale)\b|\binspect(eur|rice) (principale? )?de police\b", "police"),
        (r"\bservice de protection de la jeunesse\b|\bservice de l.aide a la jeunesse\b", "youth_protection"),
        (r"\bhuissi(er|ere) de justice\b|\betude d.huissiers?\b", "bailiff"),
        (r"\badministrat(eur|rice) (provisoire|de biens|de la personne)\b", "guardian_or_administrator"),
        (r"\bgreff(e|ier|iere)\b|\btribunal (du|de)\b", "court"),
        (r"\bavocate? (au|a|du)\b|\bcabinet d.avocats?\b", "other_lawyer"),
        (r"\bmutualite\b|\bmutuelle\b|\bonem\b|\boffice national\b", "social_security_institution"),
        (r"\b(proprietaire|bailleur|bailleresse)\b|\bagence immobiliere\b|\bsociete de logement\b", "housing"),
        (r"\bressources humaines\b|\b(je suis|nous sommes|en tant qu.) ?(son|l.)? ?employeur", "employer"),
        (r"\bdirect(eur|rice) de l.ecole\b|\bhaute ecole\b|\bathenee\b|\binstitut scolaire\b", "school"),
        (r"\bmedecin\b|\binfirmi(er|ere)\b|\bhopital\b|\bclinique\b", "health_professional"),
        (r"\bjournaliste\b|\bredaction du\b", "press"),
        (r"\bdelegue syndicale?\b|\bdeleguee syndicale\b", "union_delegate"),
        (r"\bconseill(er|ere) (communale?|de l.action sociale)\b", "councillor"),
        (r"\badministration communale\b|\bbourgmestre\b|\bservice population\b", "municipality"),
        (
            r"\bje suis (son|sa|le|la) (pere|mere|frere|soeur|fils|fille|epoux|epouse|oncle|tante|cousine?)\b",
            "relative",
        ),
    )
)

CATEGORIES = tuple(
    (category, re.compile(pattern))
    for category, pattern in (
        (
            "existence",
            (
                r"\bconnue?s? (de|par|du|au|chez) (vous|vos|votre|cpas)"
                r"|\b(aidee?s?|suivie?s?) (par|chez) (vous|vos|votre|le cpas)"
                r"|\best[- ](il|elle) (aide|suivi|connu|inscrit)|\bbeneficiaire (de|du) (vos|votre|cpas)"
            ),
        ),
        ("identity", r"\bidentite\b|\bdate de naissance\b|\bregistre national\b|\bnom(s)? et prenom"),
        (
            "address",
            r"\badresse(?! (e-?mail|mail|electronique))|\bdomicile\b|\bresidence\b|\bou (il|elle) (habite|vit|loge)",
        ),
        ("household", r"\bmenage\b|\bcohabit|\bcomposition de famille\b|\bavec qui (il|elle) (habite|vit)"),
        (
            "contact",
            (
                r"\b(numero|no) de (telephone|gsm|portable)\b|\b(ses|leurs) coordonnees\b"
                r"|\b(son|leur) adresse (e-?mail|mail|electronique)"
            ),
        ),
        ("attendance", r"\brendez-vous\b|\bvenue? dans vos (locaux|bureaux)\b|\bse presente(ra)? (chez|a|dans)"),
        (
            "aid",
            (
                r"\baide(s)? (sociale|financiere|accordee|versee|octroyee)|\brevenu d.integration\b|\bmontants?\b"
                r"|\b(lui|leur) versez\b|\b(il|elle) (touche|percoit|recoit)\b"
            ),
        ),
        ("bank", r"\bcomptes? (bancaires?|en banque)\b|\bnumero de compte\b|\biban\b"),
        ("documents", r"\bcopie (du|de son|de leur|des) |\bdossier social\b|\brapport social\b"),
        (
            "confidence",
            r"\bconfidences?\b|\betat d.esprit\b|\bpropos (tenus|qu.)|\bce qu.(il|elle) vous a (dit|confie)",
        ),
        ("third_party", r"\bson entourage\b|\bses proches\b|\bson compagnon\b|\bsa compagne\b"),
        ("medical", r"\bmedica(l|le|ux|les)\b|\b(son|leur) etat de sante\b|\bhospitalis"),
    )
)
