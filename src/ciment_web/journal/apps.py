from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "ciment_web.journal"
    label = "journal"
