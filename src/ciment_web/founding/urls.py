"""Addresses of the setting up of a centre."""

from django.urls import path

from ciment_web.founding import views

urlpatterns = [
    path("fondation/", views.show_steps, name="founding"),
    path("fondation/en-tete/", views.letterhead, name="founding-letterhead"),
    path("fondation/lettre.pdf", views.letter, name="founding-letter"),
    path("fondation/lettre.png", views.letter_picture, name="founding-letter-picture"),
    path("fondation/rythme/", views.rhythm, name="founding-rhythm"),
    path("fondation/droit/", views.law, name="founding-law"),
    path("fondation/equipe/", views.choose_team, name="founding-teams"),
    path("fondation/equipe/<str:team>/", views.invite_team, name="founding-team"),
    path("fondation/empreinte/", views.paper, name="founding-paper"),
    path("fondation/premier-jour/", views.first_day, name="founding-first-day"),
]
