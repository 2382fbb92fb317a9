from django.apps import AppConfig


class FreezesConfig(AppConfig):
    name = "ciment_web.freezes"
    label = "freezes"
