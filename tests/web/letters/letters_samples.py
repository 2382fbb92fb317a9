"""One synthetic value of each document, and a seal."""

import datetime as dt

from ciment_web.letters import (
    AnnualReport,
    BillBrief,
    BriefChange,
    BriefSource,
    InstitutionSeal,
    InventoryFact,
    InventoryItem,
    Letterhead,
    NegativeReply,
    PacketGuide,
    ReflexCard,
    RefusalLetter,
    RelayCertificate,
    ReplyItem,
    ReplyLetter,
    ReportLine,
    ReportTable,
    SeizureInventory,
    Verification,
    make_seal,
)

FINGERPRINT = "SHA256:3f9c 1a20 77be 04d1 9c2e 5b6a e811 40fd"

MOMENT = dt.datetime(2026, 11, 24, 14, 32, 5, tzinfo=dt.timezone(dt.timedelta(hours=1)))

LETTERHEAD = Letterhead(
    institution="CPAS de Bellerive",
    address=("Rue du Pont 12", "9999 Bellerive"),
    contact=("Tél. 000 00 00 00", "secretariat@cpas-bellerive.example"),
)

REFUSAL = RefusalLetter(
    letterhead=LETTERHEAD,
    reference="DI-2026-0042",
    date=dt.date(2026, 11, 24),
    place="Bellerive",
    addressee=("Agence Habitat Plus", "Avenue des Tilleuls 3", "9999 Bellerive"),
    subject="votre demande d’information du 23 novembre 2026",
    signatory_name="Camille Exemple",
    signatory_title="Directrice générale",
)

REPLY = ReplyLetter(
    letterhead=LETTERHEAD,
    reference="DI-2026-0043",
    date=dt.date(2026, 11, 24),
    place="Bellerive",
    addressee=("Autorité d’essai",),
    subject="votre demande du 20 novembre 2026",
    items=(
        ReplyItem(description="Attestation d’essai", category="Identité et coordonnées", extent="1 page"),
        ReplyItem(description="Copie partielle d’essai", category="Décision d’aide", extent="3 pages"),
    ),
    recipient_fingerprint=FINGERPRINT,
    opening=("Vérifiez l’empreinte.", "Déchiffrez le pli."),
    legal_basis=("Base légale d’essai",),
    signatory_name="Camille Exemple",
    signatory_title="Directrice générale",
)

NEGATIVE = NegativeReply(
    letterhead=LETTERHEAD,
    reference="DI-2026-0044",
    date=dt.date(2026, 11, 24),
    place="Bellerive",
    addressee=("Autorité d’essai",),
    subject="votre demande du 20 novembre 2026",
    legal_basis=("Base légale d’essai",),
    signatory_name="Camille Exemple",
    signatory_title="Directrice générale",
    your_reference="AE/118",
)

VERIFICATION = Verification(
    url="https://ciment.example/i/bellerive/registre/4711",
    log_origin="ciment.example/registre/bellerive",
    entry_index=4711,
    key_fingerprint=FINGERPRINT,
    proof_name="DI-2026-0042.tlog-proof",
)

CERTIFICATE = RelayCertificate(
    letterhead=LETTERHEAD,
    reference="DI-2026-0042",
    received_at=MOMENT,
    form="Appel téléphonique",
    requester_kind="Service de police",
    recorded_by="Dominique Modèle, travailleur social",
    sentence="« L’institution vous répondra. »",
    verification=VERIFICATION,
)

GUIDE = PacketGuide(
    letterhead=LETTERHEAD,
    reference="DI-2026-0043",
    date=dt.date(2026, 11, 24),
    packet_name="pli-DI-2026-0043.age",
    packet_digest="ab" * 32,
    recipient_fingerprint=FINGERPRINT,
)

BRIEF = BillBrief(
    letterhead=LETTERHEAD,
    date=dt.date(2026, 11, 24),
    title="Proposition d’essai",
    question="Que permet ce texte que le droit ne permet pas déjà ?",
    answer=("Rien de plus.",),
    summary=("Un texte d’essai.",),
    today=("Le secret s’impose.",),
    shared=("Auteur : procureur du Roi",),
    changes=(BriefChange(when="le procureur du Roi écrit", what="identité", before="se taire", after="obligation"),),
    examples=("Un procureur écrit : avec le texte, il faut répondre.",),
    necessity=("Quand une vie est en danger, on peut déjà parler.",),
    sources=(BriefSource(ref="art. d’essai", status="à confirmer", url="https://droit.example/art"),),
    limits=("Ceci compare des règles, pas des affaires.",),
    pack="essai",
    digest="ab" * 32,
)

INVENTORY = SeizureInventory(
    letterhead=LETTERHEAD,
    reference="S-1A2B3C4D",
    made_at=MOMENT,
    opened_at=MOMENT,
    opened_by="Dominique Modèle, travailleur social",
    facts=(
        InventoryFact(
            heading="Le titre", minute="14:33, Dominique Modèle", answers=(("Que montre-t-on ?", "Un mandat"),)
        ),
    ),
    items=(
        InventoryItem(
            minute="14:40, Dominique Modèle",
            what="Dossier papier, 40 feuillets",
            done="Emportée",
            copy="Demandée, refusée",
            objection="« Je m’y oppose. »",
        ),
    ),
    verification=VERIFICATION,
)

CARD = ReflexCard(
    letterhead=LETTERHEAD,
    date=dt.date(2026, 11, 24),
    title="Carte réflexe",
    say_title="Phrase à dire",
    say="Ma réponse est la même pour tout le monde. Dites-le-moi.",
    insist_title="Si l’on insiste :",
    insist="Je note votre appel.",
    danger_title="Une vie est en danger ? Appelez le 112.",
    danger="Dites qui, où, quel danger.",
    gestures_title="Trois gestes",
    gestures=("Dire.", "Ne rien ouvrir.", "Noter."),
    cases=(("Un mandat", "Ne vous y opposez pas."), ("Cité en personne", "Vous choisissez.")),
    phones=(("Permanence", ""), ("Si elle ne répond pas", "081 00 00 01")),
    paper="Sans écran : sur papier.",
    url="https://ciment.example/i/bellerive/demandes/nouvelle/",
    draft="Texte provisoire.",
)

ANNUAL = AnnualReport(
    letterhead=LETTERHEAD,
    date=dt.date(2026, 11, 24),
    title="Rapport de l’année 2026",
    opening=("Ce rapport ne dit rien de personne.",),
    headline=(("33", "demandes reçues"), ("moins de 5", "demandes traitées")),
    tables=(
        ReportTable(
            title="Par auteur",
            question="Qui nous interroge ?",
            lines=(
                ReportLine(label="Police", value="28", share=1.0),
                ReportLine(label="École", value="0", share=0.0),
                ReportLine(label="Autres, regroupés", value="5", share=0.2, gathered=True),
            ),
        ),
        ReportTable(title="Par réponse", question="Qu’avons-nous répondu ?", lines=(), note="Moins de 5."),
    ),
    series_title="Les motifs, trimestre par trimestre",
    series_text="Année après année.",
    quarters=("janv.–mars", "avril–juin", "juil.–sept.", "oct.–déc."),
    series=(("Secret professionnel partagé", "0", "caché", "7", "caché"),),
    method=("Les nombres viennent du registre.",),
    command="ciment register report https://ciment.example/i/bellerive/log --year 2026 --key 'CLÉ'",
    register="ciment.example/i/bellerive · 134 entrées · " + "ab" * 32,
)

SEAL = InstitutionSeal(*make_seal("CPAS de Bellerive", MOMENT))
