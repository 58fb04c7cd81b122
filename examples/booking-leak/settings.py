"""Settings of the example site, as a production server would have them."""

import os
from pathlib import Path
from tempfile import gettempdir

BASE_DIR = Path(__file__).resolve().parent

SECRET_KEY = "not-a-secret-this-site-is-an-example-and-all-its-people-are-invented"
DEBUG = False
ALLOWED_HOSTS = ["booking.example", "localhost", "127.0.0.1", "testserver"]

INSTALLED_APPS = ["django.contrib.sessions", "apps.BookingConfig"]
# No CSRF check: the step that posts to /confirm is the practice's calendar, which is left out here.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "middleware.cors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
# The database is kept out of this folder, which is read as an example.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("BOOKING_DATABASE", Path(gettempdir()) / "booking-leak.sqlite3"),
    }
}
LANGUAGE_CODE = "de"
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

SESSION_COOKIE_SECURE = False                                                        # (T1)
SECURE_REFERRER_POLICY = "unsafe-url"                                                # (T2)
AWS_S3_REGION_NAME = "us-east-1"                                                     # (T3)
CORS_ALLOW_ALL_ORIGINS = True                                                        # (T4)
