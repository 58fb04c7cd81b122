"""The pages of the repaired site: answers travel by POST and wait in the session."""

from datetime import datetime, timezone

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from models import Appointment, Cover, Motive, Practitioner


def search(request):
    return render(request, "search.html", {"found": matches(request.POST)})


def matches(asked):
    """The practices that fit what was asked; none before somebody asked."""
    words, place = asked.get("q", ""), asked.get("place", "")
    if not words and not place:
        return Practitioner.objects.none()
    named = Q(name__icontains=words) | Q(speciality__label__icontains=words)
    return Practitioner.objects.filter(named, place__city__icontains=place)


def about(request):
    return render(request, "about.html")


def privacy(request):
    return render(request, "privacy.html")


def profile(request, ref):
    return render(
        request, "profile.html", {"practitioner": get_object_or_404(Practitioner, ref=ref)}
    )


def insurance(request, ref):
    found = get_object_or_404(Practitioner, ref=ref)
    if request.method == "POST":
        request.session["practitioner"] = found.pk
        keep_answers(request)
        return redirect("availabilities")
    return render(request, "insurance.html", {"p": found, "covers": Cover.objects.all()})


def keep_answers(request):
    """Remember in the session, on the server, what was answered so far."""
    known = ("insuranceSector", "motiveKey", "isNewPatient")
    request.session["answers"] = {key: request.POST.get(key) for key in known}


def availabilities(request):
    if "practitioner" not in request.session:
        return redirect("search")
    found = get_object_or_404(Practitioner, pk=request.session["practitioner"])
    page = {
        "covers": Cover.objects.all(),
        "motives": Motive.objects.filter(speciality=found.speciality),
        "answers": request.session.get("answers", {}),
    }
    return render(request, "booking.html", page)


@require_POST
def booking_step(request):
    keep_answers(request)
    return JsonResponse({"ok": True})


@require_POST
def confirm(request):
    if "practitioner" not in request.session:
        return redirect("search")
    appt = create_appointment(request)
    request.session["done_id"] = appt.pk
    return redirect("done")


def create_appointment(request):
    """Store what the booking form sent, for the member who sent it, if there is one."""
    found = get_object_or_404(Practitioner, pk=request.session["practitioner"])
    answers = request.POST
    return Appointment.objects.create(
        owner=request.user if request.user.is_authenticated else None,
        practitioner=found,
        motive=get_object_or_404(Motive, key=answers.get("motiveKey"), speciality=found.speciality),
        cover=get_object_or_404(Cover, key=answers.get("insuranceSector")),
        first_visit=answers.get("isNewPatient") == "on",
        email=answers.get("email", ""),
        newsletter=answers.get("newsletter") == "on",
        starts_at=datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc),
    )


def done(request):
    appointment = Appointment.objects.filter(pk=request.session.get("done_id")).first()
    return render(request, "done.html", {"appointment": appointment})


@login_required
@cache_control(private=True, no_store=True)
def account(request):
    return render(request, "account.html")


@login_required
@cache_control(private=True, no_store=True)
def appointments_json(request):
    return JsonResponse(
        list(request.user.appointments.values("public_id", "starts_at")), safe=False
    )
