"""One synthetic value of each document, and a seal."""

import datetime as dt

from ciment_web.letters import (
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
    blanks=("Permanence",),
    paper="Sans écran : sur papier.",
    url="https://ciment.example/i/bellerive/demandes/nouvelle/",
    draft="Texte provisoire.",
)

SEAL = InstitutionSeal(*make_seal("CPAS de Bellerive", MOMENT))
