// Sentry's browser script. Without an error, and without a release to count sessions for, it sends nothing.
window.Sentry = window.Sentry || { init: function () {} };
