"""Makes one Django app of the flat files beside this one."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BookingConfig(AppConfig):
    name = "apps"
    label = "booking"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self):
        # Django looks for "<package>.models"; there is no package here, so the module is named.
        super().import_models()
        self.models_module = import_module("models")

    def ready(self):
        post_migrate.connect(fill, sender=self)


def fill(**_signal):
    """Give a new database its invented people."""
    import_module("seed").plant()
