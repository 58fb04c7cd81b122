// Shown, and kept nowhere: the list is fetched again when the page is opened again.
fetch('/api/appointments.json', { credentials: 'same-origin' })
  .then(function (r) { return r.json(); })
  .then(function (list) {
    list.forEach(function (entry) {
      const item = document.createElement('li');
      item.textContent = new Date(entry.starts_at).toLocaleString('de');
      document.getElementById('appointments').append(item);
    });
  });
