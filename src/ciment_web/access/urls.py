"""Addresses of what persons concerned ask."""

from django.urls import path

from ciment_web.access.views import finding, following, recording, telling

_ONE = "acces/<uuid:request_id>/"
_TELL = "acces/information/<uuid:inquiry_id>/"

urlpatterns = [
    path("acces/", recording.list_requests, name="persons"),
    path("acces/nouveau/", recording.new_request, name="new-person"),
    path(_ONE, following.show_request, name="person"),
    path(f"{_ONE}verification/", following.check, name="person-check"),
    path(f"{_ONE}prolongation/", following.extend, name="person-extend"),
    path(f"{_ONE}mandat/", following.show_mandate, name="person-mandate"),
    path(f"{_ONE}reprise/", following.take, name="person-take"),
    path(f"{_ONE}recherche/", finding.search, name="person-search"),
    path(f"{_ONE}recherche/<uuid:found_id>/", finding.confirm, name="person-confirm"),
    path(f"{_ONE}lectures/", finding.readings, name="person-readings"),
    path(f"{_ONE}releve/", finding.make, name="person-make"),
    path(f"{_ONE}releve.pdf", following.show_statement, name="person-statement"),
    path(f"{_ONE}releve.tlog-proof", following.show_proof, name="person-proof"),
    path(f"{_ONE}remise/", following.hand, name="person-hand"),
    path(f"{_ONE}pli.age", following.show_packet, name="person-packet"),
    path(_TELL, telling.show_telling, name="telling"),
    path(f"{_TELL}informer/", telling.tell, name="telling-tell"),
    path(f"{_TELL}differer/", telling.defer, name="telling-defer"),
    path(f"{_TELL}lettre.pdf", telling.show_letter, name="telling-letter"),
    path(f"{_TELL}lettre.tlog-proof", telling.show_letter_proof, name="telling-proof"),
]
