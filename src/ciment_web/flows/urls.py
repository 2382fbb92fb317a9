"""Addresses of flows."""

from django.urls import path

from ciment_web.flows.views import acting, agreeing, proposing

_ONE = "flux/<uuid:flow_id>/"
_NOTED = f"{_ONE}communications/<uuid:communication_id>/"

urlpatterns = [
    path("flux/", proposing.list_flows, name="flows"),
    path("flux/nouveau/", proposing.new_flow, name="new-flow"),
    path(_ONE, agreeing.show_flow, name="flow"),
    path(f"{_ONE}avis/", agreeing.advise, name="flow-advise"),
    path(f"{_ONE}accords/", agreeing.submit, name="flow-submit"),
    path(f"{_ONE}suspension/", agreeing.suspend, name="flow-suspend"),
    path(f"{_ONE}abandon/", agreeing.give_up, name="flow-give-up"),
    path(f"{_ONE}lecteurs/", agreeing.share, name="flow-share"),
    path(f"{_ONE}noter/", acting.note, name="flow-note"),
    path(f"{_ONE}tirage/", acting.entrust, name="flow-entrust"),
    path(_NOTED, acting.show_communication, name="flow-communication"),
    path(f"{_NOTED}controle/", acting.review, name="flow-review"),
]
