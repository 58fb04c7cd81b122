// Google tag. Takes the commands of the data layer in their order. A Google Ads id sends remarketing hits with
// the address (url), the one before it (ref) and the title (tiba) of the page; a Google Analytics id sends
// page_view and events with dl, dr and dt. However many ids load the script, it runs once.
var targets = {};
var sessionCount = 0;

function sendAds(id, name, data) {
  keepId('_gcl_au', '1.1.' + someNumber(), 90);
  var told = ['event=' + name].concat(Object.keys(data).map(function (key) { return key + '=' + data[key]; }));
  send('https://googleads.g.doubleclick.net/pagead/viewthroughconversion/' + id.replace('AW-', '') + '/', {
    random: someNumber(), cv: 11, fst: Date.now(), fmt: 4, bg: 'ffffff', guid: 'ON', async: 1,
    u_w: screen.width, u_h: screen.height, url: location.href, ref: document.referrer || null,
    hn: 'www.googleadservices.com', frm: 0, tiba: document.title, data: told.join(';')
  });
}

function sendAnalytics(id, name, data) {
  var parameters = {
    v: 2, tid: id, _p: someNumber(), cid: someNumber() + '.' + someNumber(), ul: 'de-de',
    sr: screen.width + 'x' + screen.height, _s: ++sessionCount, sid: Math.floor(Date.now() / 1000), sct: 1, seg: 0,
    dl: location.href, dr: document.referrer || null, dt: document.title, en: name, uid: targets[id].user_id
  };
  Object.keys(data).forEach(function (key) {
    parameters[(typeof data[key] === 'number' ? 'epn.' : 'ep.') + key] = data[key];
  });
  send('https://www.google-analytics.com/g/collect', parameters, 'POST');
}

function hit(id, name, data) {
  if (id.indexOf('AW-') === 0) sendAds(id, name === 'page_view' ? 'gtag.config' : name, data);
  else sendAnalytics(id, name, data);
}

function configure(id, options) {
  var days = Math.round((options.cookie_expires || 63072000) / 86400);
  targets[id] = options;
  if (id.indexOf('G-') === 0) {
    keepId('_ga', 'GA1.1.' + someNumber(), days);
    keepId('_ga_' + id.slice(2), 'GS2.1.s' + someNumber(), days);
  }
  if (options.send_page_view !== false) hit(id, 'page_view', {});
}

function run(command) {
  if (command[0] === 'config') configure(command[1], command[2] || {});
  if (command[0] === 'event') Object.keys(targets).forEach(function (id) { hit(id, command[1], command[2] || {}); });
}

var layer = window.dataLayer = window.dataLayer || [];
if (!layer.taken) {
  layer.taken = true;
  var push = layer.push;
  layer.push = function () {
    Array.prototype.forEach.call(arguments, run);
    return push.apply(layer, arguments);
  };
  layer.slice().forEach(run);
}
