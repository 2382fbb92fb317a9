"""Addresses of the register pages and of the public log."""

from django.urls import path

from ciment_web.transparency import views

urlpatterns = [
    path("registre/", views.show_register, name="register"),
    path("registre/export.zip", views.export, name="register-export"),
    path("registre/<int:index>/", views.show_entry, name="register-entry"),
    path("verifier/", views.verify, name="verify"),
    path("log/<path:resource>", views.read_log, name="log"),
]
