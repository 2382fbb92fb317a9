"""Addresses of searches and seizures."""

from django.urls import path

from ciment_web.seizures.views import door, handing

_ONE = "perquisition/<uuid:seizure_id>/"

urlpatterns = [
    path("perquisition/", door.show_search, name="search"),
    path("perquisition/ouvrir/", door.new_seizure, name="new-seizure"),
    path("perquisitions/", door.list_seizures, name="seizures"),
    path(_ONE, door.show_seizure, name="seizure"),
    path(f"{_ONE}noter/<slug:step>/", door.note_fact, name="seizure-step"),
    path(f"{_ONE}photo/<int:position>/", handing.show_photo, name="seizure-photo"),
    path(f"{_ONE}gel/", door.lift, name="seizure-lift"),
    path(f"{_ONE}inventaire/", handing.print_inventory, name="inventory-print"),
    path(f"{_ONE}inventaire/<int:number>.pdf", handing.show_inventory, name="inventory"),
    path(f"{_ONE}inventaire/<int:number>.tlog-proof", handing.show_proof, name="inventory-proof"),
    path(f"{_ONE}remise/", handing.list_inquiries, name="handover"),
    path(f"{_ONE}remise/<uuid:inquiry_id>/", handing.hand_over_pieces, name="handover-inquiry"),
]
