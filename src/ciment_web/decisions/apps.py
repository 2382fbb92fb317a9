from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "ciment_web.decisions"
    label = "decisions"
