from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "ciment_web.register"
    label = "register"
