"""Address of the journal."""

from django.urls import path

from ciment_web.journal import views

urlpatterns = [path("journal/", views.show_journal, name="journal")]
