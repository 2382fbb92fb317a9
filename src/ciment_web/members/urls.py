"""Addresses of sign-in."""

from django.urls import path

from ciment_web.members import views

urlpatterns = [
    path("connexion/", views.sign_in, name="sign-in"),
    path("connexion/reprendre/", views.sign_in_again, name="sign-in-again"),
    path("deconnexion/", views.sign_out, name="sign-out"),
]
