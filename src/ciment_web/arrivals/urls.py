"""Addresses of the settings of arrivals."""

from django.urls import path

from ciment_web.arrivals import views

urlpatterns = [
    path("arrivees/", views.settle, name="arrivals"),
    path("arrivees/fermeture/", views.close, name="arrivals-close"),
]
