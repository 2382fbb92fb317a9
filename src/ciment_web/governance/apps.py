from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "ciment_web.governance"
    label = "governance"
