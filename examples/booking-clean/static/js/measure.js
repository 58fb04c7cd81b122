function load(src) { var s = document.createElement('script'); s.async = true; s.src = src; document.head.appendChild(s); }
function showBanner(visible) { document.getElementById('cookie-banner').hidden = !visible; }
function forget(name) {
  document.cookie = name + '=; max-age=0; path=/';
  document.cookie = name + '=; max-age=0; path=/; domain=' + location.hostname;
}
function onConsent(cb) {
  if (localStorage.getItem('cookie-consent') === 'all') { cb(); return; }
  document.getElementById('cookie-accept').addEventListener('click', function () {
    localStorage.setItem('cookie-consent', 'all');
    showBanner(false);
    cb();
  });
}
function onRefusal() {
  localStorage.setItem('cookie-consent', 'none');
  forget('_ga');
  forget('_ga_0000000000');
  location.reload();                       // what was loaded after an earlier yes is gone with the page
}
onConsent(function () {
  window.dataLayer = window.dataLayer || [];
  window.gtag = function () { window.dataLayer.push(arguments); };
  load('https://www.googletagmanager.com/gtag/js?id=G-0000000000');
  gtag('js', new Date());
  gtag('config', 'G-0000000000', { cookie_expires: 15552000 });
});
document.getElementById('cookie-refuse').addEventListener('click', onRefusal);
document.getElementById('cookie-settings').addEventListener('click', function () { showBanner(true); });
showBanner(localStorage.getItem('cookie-consent') === null);
