"""Every address of the application. What needs no sign-in is marked `public` on its view."""

from django.urls import include, path

from ciment_web.members.views.doors import index

_FOLDERS = (
    "members", "quorum", "decisions", "inquiries", "arrivals", "desk", "mailbox", "necessity", "transparency",
    "lawbook",
)  # fmt: skip

urlpatterns = [
    path("", index, name="index"),
    *(path("i/<slug:slug>/", include(f"ciment_web.{folder}.urls")) for folder in _FOLDERS),
]
