from django.apps import AppConfig


class MailboxConfig(AppConfig):
    name = "ciment_web.mailbox"
    label = "mailbox"
