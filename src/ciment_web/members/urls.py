"""Addresses of sign-in, of the members, and of the page where somebody invited becomes one."""

from django.urls import path

from ciment_web.members.views import doors, people, welcome

urlpatterns = [
    path("connexion/", doors.sign_in, name="sign-in"),
    path("connexion/reprendre/", doors.sign_in_again, name="sign-in-again"),
    path("deconnexion/", doors.sign_out, name="sign-out"),
    path("invitation/", welcome.accept, name="invitation"),
    path("membres/", people.members, name="members"),
    path("membres/inviter/", people.invite, name="invite"),
    path("membres/invitations/<uuid:invitation_id>/retrait/", people.revoke, name="invitation-revoke"),
    path("membres/<uuid:member_id>/renouvellement/", people.renew, name="member-renew"),
    path("membres/<uuid:member_id>/depart/", people.leave, name="member-leave"),
]
