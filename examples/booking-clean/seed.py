"""The invented practices of the example."""

from uuid import UUID

from models import Cover, Motive, Place, Practitioner, Speciality

SPECIALITIES = [(1336, "Urologie"), (1337, "Frauenheilkunde")]
MOTIVES = [
    ("m1", "Vorgespräch Vasektomie", 1336),
    ("m2", "Nachsorge", 1336),
    ("m3", "Vorsorge", 1337),
]
COVERS = [("c1", "gesetzlich"), ("c2", "privat")]
PLACES = [(1, "Musterstraße 1", "Berlin"), (2, "Beispielweg 2", "Halle (Saale)")]
PRACTITIONERS = [
    (1, "Erika Mustermann", 1336, 1, UUID("00000000-0000-4000-8000-000000000001")),
    (2, "Max Mustermann", 1337, 2, UUID("00000000-0000-4000-8000-000000000002")),
]


def plant():
    """Write the rows that are not there yet."""
    for pk, label in SPECIALITIES:
        Speciality.objects.update_or_create(pk=pk, defaults={"label": label})
    for key, label, speciality in MOTIVES:
        row = {"label": label, "speciality_id": speciality}
        Motive.objects.update_or_create(key=key, defaults=row)
    for key, label in COVERS:
        Cover.objects.update_or_create(key=key, defaults={"label": label})
    for pk, street, city in PLACES:
        Place.objects.update_or_create(pk=pk, defaults={"street": street, "city": city})
    for pk, name, speciality, place, ref in PRACTITIONERS:
        row = {"name": name, "speciality_id": speciality, "place_id": place, "ref": ref}
        Practitioner.objects.update_or_create(pk=pk, defaults=row)
