"""Addresses of the desk."""

from django.urls import path

from ciment_web.desk import views

urlpatterns = [
    path("guichet/", views.show_desk, name="desk"),
    path("guichet/suivi/", views.show_state, name="desk-state"),
    path("guichet/demandes/", views.list_filings, name="desk-filings"),
    path("guichet/demandes/<uuid:filing_id>/prise-en-charge/", views.take, name="desk-take-over"),
]
