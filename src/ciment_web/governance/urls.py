"""Addresses of the settings."""

from django.urls import path

from ciment_web.governance import views

urlpatterns = [
    path("reglages/", views.show_settings, name="settings"),
    path("reglages/recusations/", views.edit_setting, {"name": "recusals"}, name="setting-recusals"),
    path("reglages/permanence/", views.edit_setting, {"name": "rota"}, name="setting-rota"),
    path("reglages/passerelle/", views.edit_gateway, name="setting-gateway"),
    path("reglages/repertoire/", views.edit_setting, {"name": "directory"}, name="setting-directory"),
    path("reglages/repertoire/repertoire.csv", views.export_directory, name="directory-export"),
    path("reglages/absences/", views.edit_setting, {"name": "absences"}, name="setting-absences"),
    path("reglages/lettres/", views.edit_setting, {"name": "letterhead"}, name="setting-letterhead"),
    path("reglages/lettres/apercu.pdf", views.preview_letter, name="letter-preview"),
    path("reglages/delais/", views.edit_setting, {"name": "rhythm"}, name="setting-rhythm"),
]
