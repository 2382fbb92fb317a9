from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    """Pages and public endpoints of the register."""

    name = "ciment_web.transparency"
    label = "transparency"
