// What all stand-ins share: building an address, sending it, and keeping an id in a first-party cookie.
function withParameters(address, parameters) {
  var query = new URLSearchParams();
  Object.keys(parameters).forEach(function (name) {
    if (parameters[name] !== undefined && parameters[name] !== null) query.append(name, String(parameters[name]));
  });
  return address + '?' + query;
}

// A request with "keepalive" outlives its page, as the tags' own beacons do when a visitor goes on.
function send(address, parameters, method) {
  fetch(withParameters(address, parameters), {
    method: method || 'GET', mode: 'no-cors', credentials: 'include', keepalive: true
  });
}

function keepId(name, value, days) {
  if (document.cookie.split('; ').some(function (pair) { return pair.indexOf(name + '=') === 0; })) return;
  document.cookie = name + '=' + value + '; path=/; max-age=' + days * 86400 + '; SameSite=Lax';
}

function someNumber() {
  return Math.floor(Math.random() * 1e10);
}
