"""Addresses of the mailbox."""

from django.urls import path

from ciment_web.mailbox import views

_ONE = "courriels/<uuid:message_id>/"

urlpatterns = [
    path("courriels/", views.list_messages, name="mailbox"),
    path(_ONE, views.show_message, name="message"),
    path(f"{_ONE}original.eml", views.give_original, name="message-original"),
    path(f"{_ONE}ecarter/", views.put_aside, name="message-aside"),
]
