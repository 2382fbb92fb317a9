from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "ciment_web.flows"
    label = "flows"
