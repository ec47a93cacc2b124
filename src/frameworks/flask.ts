import type { Framework } from './framework.js';
import { servesWerkzeug } from './werkzeug.js';

export const flask: Framework = {
  id: 'flask',
  title: 'Flask',
  programs: [
    {
      command: /^flask$/,
      args: /(^| )run( |$)/,
      servesWith: servesWerkzeug,
      names: /--app[ =](\S+)/,
    },
    // `app.run(debug=True)` of a script: Werkzeug's mark is all there is to see, and nearly all who use it this way
    // have Flask.
    { servesWith: servesWerkzeug },
  ],
  requests: ['flask/app.py:wsgi_app'],
  anchors: [
    {
      frame: 'flask/app.py:wsgi_app',
      environ: 'environ',
      route: 'ctx.request.url_rule.rule',
      noRoute: 'ctx.request.routing_exception',
    },
  ],
  environRoute: "['werkzeug.request'].url_rule.rule",
};
