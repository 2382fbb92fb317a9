from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ciment_web.access"
    label = "access"
