function load(src) { var s = document.createElement('script'); s.async = true; s.src = src; document.head.appendChild(s); }
function onConsent(cb) {
  if (localStorage.getItem('cookie-consent') === 'all') { cb(); return; }
  document.getElementById('cookie-allow').addEventListener('click', function () { localStorage.setItem('cookie-consent', 'all'); cb(); });
}
onConsent(function () {                                                    // (J0) consent guard G3
  window.fbq = window.fbq || function () { (window.fbq.queue = window.fbq.queue || []).push(arguments); };
  load('https://connect.facebook.net/en_US/fbevents.js');
  fbq('init', '000000000000000');                                          // (J1)
  fbq('track', 'PageView');                                                // (J2)  -> facebook.com/tr        dl
  window.OB_ADV_ID = '00000000000000000000000000000000';
  window.obApi = window.obApi || function () { (window.obApi.queue = window.obApi.queue || []).push(arguments); };
  load('https://amplify.outbrain.com/cp/obtp.js');
  obApi('track', 'PAGE_VIEW');                                             // (J3)  -> tr.outbrain.com/unifiedPixel dl
  window.dataLayer = window.dataLayer || [];
  window.gtag = function () { window.dataLayer.push(arguments); };
  load('https://www.googletagmanager.com/gtag/js?id=AW-000000000');
  gtag('config', 'AW-000000000');                                          // (J4)  -> viewthroughconversion   url, tiba
});
