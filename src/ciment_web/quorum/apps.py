from django.apps import AppConfig


class QuorumConfig(AppConfig):
    name = "ciment_web.quorum"
    label = "quorum"
