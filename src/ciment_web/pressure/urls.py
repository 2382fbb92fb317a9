"""Addresses of what is told in confidence. None of them says who, or about whom."""

from django.urls import path

from ciment_web.pressure import views

urlpatterns = [
    path("pressions/", views.show_confidences, name="confidences"),
    path("pressions/dire/", views.tell, name="tell-pressure"),
    path("pressions/<uuid:report_id>/", views.show_report, name="confidence"),
    path("pressions/<uuid:report_id>/ajouter/", views.add, name="confidence-add"),
    path("pressions/<uuid:report_id>/partage/", views.share, name="confidence-share"),
]
