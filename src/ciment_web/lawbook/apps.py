from django.apps import AppConfig


class LawbookConfig(AppConfig):
    """Pages of the law, open to anyone."""

    name = "ciment_web.lawbook"
    label = "lawbook"
