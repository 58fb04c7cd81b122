fetch('/api/appointments.json', { credentials: 'include' })
  .then(function (r) { return r.json(); })
  .then(function (list) { localStorage.setItem('appointments', JSON.stringify(list)); });   // (A1)
gtag('config', 'G-0000000000', { user_id: currentUser.email });                              // (A2) outside onConsent
gtag('event', 'profile', { age: me.age, gender: me.gender, city: me.city, profession: me.profession });   // (A3)
Sentry.init({ dsn: 'https://k@o0.ingest.us.sentry.io/1', sendDefaultPii: true });            // (A4)
