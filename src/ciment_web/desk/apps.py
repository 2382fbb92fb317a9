from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "ciment_web.desk"
    label = "desk"
