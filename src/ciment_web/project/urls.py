"""Every address of the application. What needs no sign-in is marked `public` on its view."""

from django.urls import include, path

from ciment_web.members.views.doors import index

_FOLDERS = (
    "members",
    "quorum",
    "governance",
    "decisions",
    "inquiries",
    "arrivals",
    "necessity",
    "flows",
    "freezes",
    "journal",
    "access",
    "seizures",
    "pressure",
    "desk",
    "mailbox",
    "transparency",
    "drills",
    "lawbook",
    "founding",
)

urlpatterns = [
    path("", index, name="index"),
    *(path("i/<slug:slug>/", include(f"ciment_web.{folder}.urls")) for folder in _FOLDERS),
]
