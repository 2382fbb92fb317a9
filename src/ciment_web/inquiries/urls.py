"""Addresses of inquiries."""

from django.urls import path

from ciment_web.inquiries.views import deciding, following, preparing, recording

_ONE = "demandes/<uuid:inquiry_id>/"

urlpatterns = [
    path("", recording.home, name="home"),
    path("reflexe/", preparing.show_card, name="reflex-card"),
    path("reflexe/carte.pdf", preparing.print_card, name="reflex-card-pdf"),
    path("deja-repondu/", preparing.already_answered, name="already-answered"),
    path("cite-en-personne/", preparing.show_summons, name="summoned"),
    path("demandes/nouvelle/", recording.new_inquiry, name="new-inquiry"),
    path("demandes/nouvelle/lire/", recording.read_message, name="read-message"),
    path(_ONE, following.show_inquiry, name="inquiry"),
    path(f"{_ONE}recusation/", following.answer_recusal, name="recusal"),
    path(f"{_ONE}document/<str:kind>.pdf", following.show_document, name="document"),
    path(f"{_ONE}document/<str:kind>.tlog-proof", following.show_proof, name="proof"),
    path(f"{_ONE}piece/<int:position>/", following.show_attachment, name="attachment"),
    path(f"{_ONE}reponse/", following.mark_answered, name="answer"),
    path(f"{_ONE}cloture/", following.close, name="close"),
    path(f"{_ONE}retrait/", following.withdraw, name="withdraw"),
    path(f"{_ONE}qualification/", deciding.qualify, name="qualify"),
    path(f"{_ONE}qualification/apercu/", deciding.preview_verdicts, name="qualify-preview"),
    path(f"{_ONE}silence/", deciding.override, name="override"),
    path(f"{_ONE}refus/", deciding.refuse, name="refuse"),
    path(f"{_ONE}refus/projet.pdf", deciding.refusal_draft, name="refusal-draft"),
    path(f"{_ONE}preparation/", deciding.prepare, name="prepare"),
    path(f"{_ONE}preparation/copie/", deciding.add, name="copy-add"),
    path(f"{_ONE}preparation/rien/", deciding.add_nothing, name="copy-nothing"),
    path(f"{_ONE}preparation/copie/<uuid:copy_id>/retrait/", deciding.remove, name="copy-remove"),
]
