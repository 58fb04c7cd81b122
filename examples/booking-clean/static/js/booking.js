const form = document.getElementById('booking');
form.addEventListener('change', function () {
  // The answers are kept in the session, so that a reload finds them and the address stays as it is.
  fetch('/booking/step', { method: 'POST', body: new FormData(form) });
});
