from django.apps import AppConfig


class FoundingConfig(AppConfig):
    name = "ciment_web.founding"
    label = "founding"
