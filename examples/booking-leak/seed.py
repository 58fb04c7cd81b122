"""The invented practices and people of the example."""

from datetime import datetime, timezone

from models import Appointment, Place, Practitioner, Speciality

SPECIALITIES = [
    (1336, "Urologie", "urologie"),
    (1337, "Frauenheilkunde", "frauenarzt"),
]
PRACTITIONERS = [
    (1, "Erika Mustermann", "erika-mustermann", 1336, "Berlin", "berlin"),
    (2, "Max Mustermann", "max-mustermann", 1337, "Halle (Saale)", "halle-saale"),
]
APPOINTMENTS = [
    ("anna.beispiel@booking.example", "Erstgespräch-1336", "public"),
    ("bernd.beispiel@booking.example", "Nachsorge-1336", "private"),
]


def plant():
    """Write the rows that are not there yet."""
    for pk, label, slug in SPECIALITIES:
        Speciality.objects.update_or_create(pk=pk, defaults={"label": label, "slug": slug})
    for pk, name, slug, speciality, city, city_slug in PRACTITIONERS:
        place, _ = Place.objects.get_or_create(public_id=f"practice-{pk}")
        row = {"name": name, "slug": slug, "speciality_id": speciality, "place": place}
        row |= {"city": city, "city_slug": city_slug}
        Practitioner.objects.update_or_create(pk=pk, defaults=row)
    for email, motive, sector in APPOINTMENTS:
        Appointment.objects.get_or_create(
            patient_email=email,
            motive_key=motive,
            insurance_sector=sector,
            starts_at=datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc),
        )
