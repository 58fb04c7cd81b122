// Which stand-in answers for which vendor's loader, and what the vendors' hosts are called.
//
// The stand-ins are written for these tests from what the vendors publish about their tags; they hold none
// of the vendors' code. A stand-in sends what the tag is documented to send by itself, and nothing more.
import fs from 'node:fs';

const read = (name) => fs.readFileSync(new URL(name, import.meta.url), 'utf8');
const SENDING = read('sending.js');

const LOADERS = [
  ['connect.facebook.net', /\/fbevents\.js$/, 'meta.js'],
  ['amplify.outbrain.com', /\/obtp\.js$/, 'outbrain.js'],
  ['www.googletagmanager.com', /^\/gtag\/js$/, 'google.js'],
  ['browser.sentry-cdn.com', /\/bundle.*\.js$/, 'sentry.js'],
];

const VENDORS = [
  [/(^|\.)facebook\.(com|net)$/, 'Meta'],
  [/(^|\.)outbrain\.com$/, 'Outbrain'],
  [/(^|\.)(doubleclick\.net|googleadservices\.com)$/, 'Google Ads'],
  [/(^|\.)google-analytics\.com$/, 'Google Analytics'],
  [/(^|\.)googletagmanager\.com$/, 'Google tag'],
  [/^www\.google\.com$/, 'Google Maps'],
  [/(^|\.)sentry(-cdn\.com|\.io)$/, 'Sentry'],
];

export function standInFor(url) {
  const { hostname, pathname } = new URL(url);
  const found = LOADERS.find(([host, path]) => host === hostname && path.test(pathname));
  return found ? ['text/javascript', `(function () {\n${SENDING}\n${read(found[2])}\n})();`] : null;
}

export function vendorOf(host) {
  return VENDORS.find(([pattern]) => pattern.test(host))?.[1] ?? 'unknown';
}
