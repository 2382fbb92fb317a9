"""Addresses of the register pages and of the public log."""

from django.urls import path

from ciment_web.transparency import views
from ciment_web.transparency.figures import views as figures

urlpatterns = [
    path("registre/", views.show_register, name="register"),
    path("registre/export.zip", views.export, name="register-export"),
    path("registre/<int:index>/", views.show_entry, name="register-entry"),
    path("chiffres/", figures.show_figures, name="figures"),
    path("chiffres/<int:year>.json", figures.send_json, name="figures-json"),
    path("chiffres/<int:year>.csv", figures.send_csv, name="figures-csv"),
    path("chiffres/rapport-<int:year>.pdf", figures.send_annual, name="annual-report"),
    path("verifier/", views.verify, name="verify"),
    path("log/<path:resource>", views.read_log, name="log"),
]
