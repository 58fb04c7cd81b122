"""The pages of the example site. Everything here is wrong on purpose; README.md says how."""

from urllib.parse import quote
from uuid import uuid4

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from models import Appointment, Practitioner, create_appointment


def confirm(request):
    appt = create_appointment(request.POST)
    return redirect(f"/done?email={appt.patient_email}&motiveKey={quote(appt.motive_key)}")      # (V1)


def done(request):                                   # route "done", template done.html extends base.html (N1)
    return render(request, "done.html")


def appointments_json(request):                                                                  # (V2)
    return JsonResponse(list(Appointment.objects.values("patient_email", "motive_key", "starts_at")), safe=False)


def home(request):
    response = render(request, "search.html")
    response.set_cookie("visitor_id", str(uuid4()), max_age=60 * 60 * 24 * 730)                  # (V3)
    return response


def search(request):
    return render(request, "search.html")


def insurance(request, pk):
    return render(request, "insurance.html", {"p": get_object_or_404(Practitioner, pk=pk)})


def find_practitioner(speciality, city, slug):
    return get_object_or_404(Practitioner, speciality__slug=speciality, city_slug=city, slug=slug)


def profile(request, speciality, city, practitioner):
    found = find_practitioner(speciality, city, practitioner)
    return render(request, "profile.html", {"practitioner": found, "city": found.city})


def start_booking(request, speciality, city, practitioner):
    return redirect("insurance", pk=find_practitioner(speciality, city, practitioner).pk)


def availabilities(request, speciality, city, practitioner):
    found = find_practitioner(speciality, city, practitioner)
    return render(request, "booking.html", {"place": found.place, "speciality": found.speciality})


def account(request):
    # There is no login here: the page always shows the same invented member.
    current_user = {"email": "anna.beispiel@booking.example"}
    me = {"age": 41, "gender": "f", "city": "Berlin", "profession": "Tischlerin"}
    return render(request, "account.html", {"current_user": current_user, "me": me})


def privacy(request):
    return render(request, "privacy.html")
