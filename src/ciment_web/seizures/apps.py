from django.apps import AppConfig


class SeizuresConfig(AppConfig):
    name = "ciment_web.seizures"
    label = "seizures"
