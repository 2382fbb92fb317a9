"""Addresses of the accords."""

from django.urls import path

from ciment_web.quorum import views

urlpatterns = [
    path("accords/", views.show_quorum, name="quorum"),
    path("accords/empreinte/", views.pin, name="pin"),
    path("accords/ceremonie/", views.start, name="ceremony-start"),
    path("accords/ceremonie/etape/", views.step, name="ceremony-step"),
    path("accords/registre/<uuid:member_id>/", views.hand_over, name="hand-over"),
    path("accords/membres/<uuid:member_id>/", views.answer, name="answer-for"),
]
