from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "ciment_web.inquiries"
    label = "inquiries"
