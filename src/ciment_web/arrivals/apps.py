from django.apps import AppConfig


class ArrivalsConfig(AppConfig):
    name = "ciment_web.arrivals"
    label = "arrivals"
