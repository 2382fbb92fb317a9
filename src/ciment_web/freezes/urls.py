"""Addresses of freezes."""

from django.urls import path

from ciment_web.freezes import views

urlpatterns = [
    path("gels/", views.list_freezes, name="freezes"),
    path("gels/institution/", views.freeze_all, name="freeze-institution"),
    path("gels/demandes/<uuid:inquiry_id>/", views.freeze_one_inquiry, name="freeze-inquiry"),
    path("gels/membres/<uuid:member_id>/", views.freeze_one_member, name="freeze-member"),
    path("gels/<uuid:freeze_id>/", views.show_freeze, name="freeze"),
]
