// Meta Pixel. Replays fbq.queue. `track` sends to facebook.com/tr with the address of the page (dl) and the
// one before it (rl). Unless told otherwise it sends PageView again when the page changes its address by the
// history API, and SubscribedButtonClick with the names of a form's fields when a button is pressed.
var pixels = [];
var quiet = {};
var viewed = false;

function event(name, data) {
  pixels.forEach(function (id) {
    var parameters = {
      id: id, ev: name, dl: location.href, rl: document.referrer, if: window.top !== window, ts: Date.now(),
      sw: screen.width, sh: screen.height, v: '2.9', r: 'stable', fbp: 'fb.1.' + someNumber()
    };
    Object.keys(data || {}).forEach(function (key) {
      parameters['cd[' + key + ']'] = typeof data[key] === 'object' ? JSON.stringify(data[key]) : data[key];
    });
    send('https://www.facebook.com/tr/', parameters);
  });
}

function run(args) {
  if (args[0] === 'init') {
    pixels.push(args[1]);
    keepId('_fbp', 'fb.1.' + Date.now() + '.' + someNumber(), 90);
  } else if (args[0] === 'set' && args[1] === 'autoConfig') {
    quiet[args[3]] = args[2] === false || args[2] === 'false';
  } else if (args[0] === 'track' || args[0] === 'trackCustom') {
    viewed = viewed || args[1] === 'PageView';
    event(args[1], args[2]);
  }
}

function describe(button) {
  var fields = button.form ? Array.from(button.form.elements) : [];
  return {
    buttonText: button.textContent.trim(),
    formFeatures: fields.map(function (field) {
      return { id: field.id, name: field.name, tag: field.tagName.toLowerCase(), inputType: field.type };
    }),
    pageFeatures: { title: document.title }
  };
}

var fbq = window.fbq;
if (fbq && !fbq.callMethod) {
  fbq.callMethod = function () { run(arguments); };
  (fbq.queue || []).splice(0).forEach(run);
  // The site's own stub only fills the queue; the real tag takes later calls from there too.
  fbq.queue = { push: run };
  var pushState = history.pushState;
  history.pushState = function () {
    pushState.apply(history, arguments);
    if (viewed && !fbq.disablePushState) event('PageView');
  };
  document.addEventListener('click', function (click) {
    var button = click.target.closest && click.target.closest('button, input[type=submit]');
    if (button && pixels.some(function (id) { return !quiet[id]; })) event('SubscribedButtonClick', describe(button));
  }, true);
}
