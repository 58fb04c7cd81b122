// Outbrain pixel. Replays obApi.queue. `track` sends to tr.outbrain.com/unifiedPixel with the address of the
// page (dl). It does not listen to the history API: a changed address goes out with the next event.
function run(args) {
  if (args[0] !== 'track') return;
  send('https://tr.outbrain.com/unifiedPixel', {
    marketerId: window.OB_ADV_ID, obApiVersion: '1.1', obtpVersion: '2.1.0', name: args[1],
    dl: location.href, optOut: false, bust: someNumber()
  });
}

var obApi = window.obApi;
if (obApi && !obApi.dispatch) {
  obApi.dispatch = function () { run(arguments); };
  (obApi.queue || []).splice(0).forEach(run);
  obApi.queue = { push: run };
}
