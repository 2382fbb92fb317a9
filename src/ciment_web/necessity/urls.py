"""Addresses of danger and necessity."""

from django.urls import path

from ciment_web.necessity import views

urlpatterns = [
    path("danger/", views.show_danger, name="danger"),
    path("necessite/", views.list_necessities, name="necessities"),
    path("necessite/nouvelle/", views.new_necessity, name="new-necessity"),
    path("necessite/<uuid:necessity_id>/", views.show_necessity, name="necessity"),
]
