from django.apps import AppConfig


class DrillsConfig(AppConfig):
    name = "ciment_web.drills"
    label = "drills"
