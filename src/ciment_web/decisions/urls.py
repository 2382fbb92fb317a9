"""Addresses of decisions."""

from django.urls import path

from ciment_web.decisions import views

_ONE = "decisions/<uuid:decision_id>/"

urlpatterns = [
    path(_ONE, views.show_decision, name="decision"),
    path(f"{_ONE}accord/", views.approve, name="approve"),
    path(f"{_ONE}refus/", views.refuse, name="decision-refuse"),
    path(f"{_ONE}execution/", views.execute, name="execute"),
    path(f"{_ONE}lettre.pdf", views.show_letter, name="decision-letter"),
    path(f"{_ONE}copie/<uuid:copy_id>/", views.show_reading_copy, name="reading-copy"),
    path(f"{_ONE}pli.age", views.show_packet, name="packet"),
    path(f"{_ONE}pli.tlog-proof", views.show_packet_proof, name="packet-proof"),
]
