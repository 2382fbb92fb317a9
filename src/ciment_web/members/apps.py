from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "ciment_web.members"
    label = "members"
