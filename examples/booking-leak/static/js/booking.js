const form = document.getElementById('booking');
form.addEventListener('change', function () {
  const data = new FormData(form);                                          // (Q1)
  const params = new URLSearchParams({
    insuranceEventsEnabled: 'true',
    insuranceSector: data.get('insuranceSector'),                           // (Q2)
    isNewPatient: String(data.get('isNewPatient') === 'on'),
    isNewPatientBlocked: 'false',
    motiveKey: data.get('motiveKey'),                                       // (Q3)
    placeId: form.dataset.placeId,
    specialityId: form.dataset.specialityId
  });
  history.pushState({}, '', location.pathname + '?' + params);              // (Q4)
});
