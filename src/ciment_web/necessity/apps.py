from django.apps import AppConfig


class NecessityConfig(AppConfig):
    name = "ciment_web.necessity"
    label = "necessity"
