"""Addresses of drills."""

from django.urls import path

from ciment_web.drills import views

_ALL = "mises-en-situation/"
_CASE = f"{_ALL}<slug:case_slug>/"

urlpatterns = [
    path(_ALL, views.list_drills, name="drills"),
    path(f"{_ALL}equipe/", views.show_results, name="drill-results"),
    path(_CASE, views.play_moment, name="drill"),
    path(f"{_CASE}fiche/", views.show_sheet, name="drill-sheet"),
    path(f"{_CASE}<int:number>/", views.play_moment, name="drill-moment"),
    path(f"{_CASE}<int:number>/<int:choice>/", views.show_comment, name="drill-comment"),
]
