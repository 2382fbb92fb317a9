from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "ciment_web.institutions"
    label = "institutions"
