"""Addresses of the law's pages."""

from django.urls import path

from ciment_web.lawbook import views

urlpatterns = [
    path("droit/", views.show_lawbook, name="lawbook"),
    path("droit/regles/<str:rule_id>/", views.show_rule, name="law-rule"),
    path("droit/comparer/", views.compare_dates, name="law-compare"),
    path("droit/situation/", views.try_situation, name="law-situation"),
    path("droit/textes/<slug:bill>/", views.show_bill, name="law-bill"),
    path("droit/textes/<slug:bill>/note.pdf", views.print_brief, name="law-brief"),
]
