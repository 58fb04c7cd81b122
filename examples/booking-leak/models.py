"""What the example site stores. The label is given by hand: the example is flat, not a package."""

from datetime import datetime, timezone

from django.db import models


class Place(models.Model):
    public_id = models.CharField(max_length=40, unique=True)

    class Meta:
        app_label = "booking"


class Speciality(models.Model):
    label = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)

    class Meta:
        app_label = "booking"

    def __str__(self):
        return self.label


class Practitioner(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    speciality = models.ForeignKey(Speciality, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    city = models.CharField(max_length=80)
    city_slug = models.SlugField()

    class Meta:
        app_label = "booking"

    @property
    def speciality_slug(self):
        return self.speciality.slug


class Appointment(models.Model):
    patient_email = models.EmailField()
    motive_key = models.CharField(max_length=120)
    insurance_sector = models.CharField(max_length=20)
    starts_at = models.DateTimeField()

    class Meta:
        app_label = "booking"


def create_appointment(answers):
    """Store what the booking form sent."""
    return Appointment.objects.create(
        patient_email=answers.get("patient_email", ""),
        motive_key=answers.get("motive_key", ""),
        insurance_sector=answers.get("insurance_sector", ""),
        starts_at=datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc),
    )
