from django.apps import AppConfig


class PressureConfig(AppConfig):
    name = "ciment_web.pressure"
    label = "pressure"
