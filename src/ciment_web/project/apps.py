from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "ciment_web.project"
    label = "project"

    def ready(self) -> None:
        """Wire the folders that may not know one another, and refuse to start on a broken group law."""
        from ciment.quorum.group import self_test  # noqa: PLC0415 - the core is loaded once Django is
        from ciment_web.project import handlers  # noqa: PLC0415 - models exist only now

        self_test()
        handlers.register()
