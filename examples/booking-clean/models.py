"""What the repaired site stores. The label is given by hand: the example is flat, not a package."""

from uuid import uuid4

from django.conf import settings
from django.db import models


class Place(models.Model):
    street = models.CharField(max_length=80)
    city = models.CharField(max_length=80)

    class Meta:
        app_label = "booking"


class Speciality(models.Model):
    label = models.CharField(max_length=80)

    class Meta:
        app_label = "booking"

    def __str__(self):
        return self.label


class Practitioner(models.Model):
    ref = models.UUIDField(default=uuid4, unique=True)
    name = models.CharField(max_length=80)
    speciality = models.ForeignKey(Speciality, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)

    class Meta:
        app_label = "booking"


class Motive(models.Model):
    key = models.SlugField(unique=True)
    label = models.CharField(max_length=120)
    speciality = models.ForeignKey(Speciality, on_delete=models.PROTECT)

    class Meta:
        app_label = "booking"


class Cover(models.Model):
    key = models.SlugField(unique=True)
    label = models.CharField(max_length=40)

    class Meta:
        app_label = "booking"


class Appointment(models.Model):
    public_id = models.UUIDField(default=uuid4, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="appointments"
    )
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT)
    motive = models.ForeignKey(Motive, on_delete=models.PROTECT)
    cover = models.ForeignKey(Cover, on_delete=models.PROTECT)
    first_visit = models.BooleanField(default=False)
    email = models.EmailField()
    newsletter = models.BooleanField(default=False)
    starts_at = models.DateTimeField()

    class Meta:
        app_label = "booking"
