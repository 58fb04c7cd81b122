"""The routes of the example site."""

from django.conf import settings
from django.urls import path, re_path
from django.views.static import serve

import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("insurance/<int:pk>", views.insurance, name="insurance"),
    path("confirm", views.confirm, name="confirm"),
    path("done", views.done, name="done"),
    path("account", views.account, name="account"),
    path("privacy", views.privacy, name="privacy"),
    path("api/appointments.json", views.appointments_json, name="appointments"),
    path("<slug:speciality>/<slug:city>/<slug:practitioner>/", views.profile, name="profile"),
    path(
        "<slug:speciality>/<slug:city>/<slug:practitioner>/booking/",
        views.start_booking,
        name="start-booking",
    ),
    path(
        "<slug:speciality>/<slug:city>/<slug:practitioner>/booking/availabilities",
        views.availabilities,
        name="availabilities",
    ),
    # Django serves no files of its own once DEBUG is off, and this example has no web server.
    re_path(r"^static/(?P<path>.+)$", serve, {"document_root": settings.BASE_DIR / "static"}),
    re_path(r"^public/(?P<path>.+)$", serve, {"document_root": settings.BASE_DIR / "public"}),
]
