"""The routes of the repaired site: no answer and no speciality is part of an address."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, re_path
from django.views.static import serve

import views

urlpatterns = [
    path("", views.search, name="home"),
    path("about", views.about, name="about"),
    path("search", views.search, name="search"),
    path("profile/<uuid:ref>/", views.profile, name="profile"),
    path("insurance/<uuid:ref>", views.insurance, name="insurance"),
    path("booking/availabilities", views.availabilities, name="availabilities"),
    path("booking/step", views.booking_step, name="booking-step"),
    path("confirm", views.confirm, name="confirm"),
    path("done", views.done, name="done"),
    path("login", LoginView.as_view(template_name="login.html"), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("account", views.account, name="account"),
    path("privacy", views.privacy, name="privacy"),
    path("api/appointments.json", views.appointments_json, name="appointments"),
    # Django serves no files of its own once DEBUG is off, and this example has no web server.
    re_path(r"^static/(?P<path>.+)$", serve, {"document_root": settings.BASE_DIR / "static"}),
]
