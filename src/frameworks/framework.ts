/**
 * All that is known from outside of a framework, a server or a library. One file each, and one line in `frameworks.ts`.
 *
 * A frame is `end of the file's path:function`, the path of whole names. A function has its own name (`get`), which all
 * Pythons report.
 */
export interface Framework {
  /** The name of its file. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** How its processes are recognised. The first that fits counts. */
  readonly programs?: readonly ProgramPattern[];
  /** The frame of a parent that only waits for the child which serves, and restarts it. */
  readonly reloader?: string;
  /**
   * Frames that are on a thread's stack exactly while it serves a request. Only where a request stays on one stack:
   * what an event loop waits for on behalf of a request is on none.
   */
  readonly requests?: readonly string[];
  /** Frames that have a request or a job in hand, and where in their variables it is. */
  readonly anchors?: readonly RequestAnchor[];
  /** Where the route lies that it chose, from a WSGI environ on: `['route'].path`. */
  readonly environRoute?: string;
  /** The same from an ASGI scope on, the first that leads to one. */
  readonly scopeRoutes?: readonly ScopeRoute[];
  readonly idle?: IdleStacks;
  /** The same of suspended tasks and greenlets. What counts is where they wait, so it need not be a call into C. */
  readonly idleTasks?: IdleStacks;
}

/**
 * A frame that is on the stack while a request is served or a job is run. Each text is a path from one of its variables
 * on (`model/variable-path.ts`): `ctx.request.url_rule.rule`.
 *
 * Never a path to what may hold a secret: headers, cookies, a body.
 */
export interface RequestAnchor {
  readonly frame: string;
  /** To the WSGI environ, whose method and path are read. */
  readonly environ?: string;
  /** To the ASGI scope, the same. */
  readonly scope?: string;
  /**
   * To the template of the route, the first that leads to a text: `/item/<int:id>`. With it, paths are not shown, not
   * even before the route is chosen.
   */
  readonly route?: string | readonly string[];
  /** To what is there, and is not None, once it is known that no route fits. */
  readonly noRoute?: string;
  /**
   * To what only the route itself has. Where it leads nowhere, what `route` leads to is only its beginning: that of an
   * application within another one.
   */
  readonly leaf?: string;
  readonly method?: string;
  /** To a future that the thread completes: the task which waits for it has the request in hand. */
  readonly future?: string;
  /** To the name of a job, which stands for method and route. */
  readonly job?: string;
  /**
   * To an object that is another one for each request, such as the time when it began or its id. One request after
   * another finds its objects where those of the one before were: only by this they are told apart for certain. A
   * number, a time or a text that is made anew, not one that is kept, such as a constant. Without it the route tells.
   */
  readonly differs?: string;
  /** To a float: when it began, as `time.time()` has it. */
  readonly began?: string;
}

/** Where an ASGI scope has a route. */
export interface ScopeRoute {
  readonly route: string;
  /** As that of an anchor. */
  readonly leaf: string;
}

/** What its threads look like while they wait for work. */
export interface IdleStacks {
  /** Which threads, and when, for the table of the documentation. */
  readonly which: string;
  /**
   * The innermost frames of Python, innermost first and directly under one another: `selectors.py:select <
   * socketserver.py:serve_forever`. `redis/*` between two frames stands for any number of frames of files in a folder
   * `redis`.
   *
   * The innermost frame is the one that calls the C function that waits: while it runs Python code it is not the
   * innermost. No wait inside a request or inside a user's code may match.
   */
  readonly stacks: readonly string[];
}

/**
 * One way to recognise a process by its command line. Roles follow from its parent, its children and its environment.
 */
export interface ProgramPattern {
  /** For scripts that read `ps --json`: never renamed. Default: that of the framework. */
  readonly id?: string;
  /** Default: that of the framework. */
  readonly title?: string;
  /** The command: a script's name without `.py`, a module's or an executable's. */
  readonly command?: RegExp;
  /** The arguments after the command, a blank between. */
  readonly args?: RegExp;
  /** The code after -c. */
  readonly code?: RegExp;
  /** What the process renamed itself to (setproctitle). */
  readonly renamed?: RegExp;
  /** Only below a process of this id. */
  readonly parent?: string;
  /** What it is when it is not a child of its own kind. */
  readonly role?: string;
  /** What its forked or spawned children are. */
  readonly childRole?: string;
  /** Group 1 in the arguments, or in the new name, is shown: the application. */
  readonly names?: RegExp;
  /** An environment variable that a reloader sets in the process which serves. */
  readonly servesWith?: string;
  /**
   * The command is no other program's: where only the name of a process can be seen, it shows that Python is inside.
   */
  readonly ownName?: true;
}

/** An application as servers take it: `shop.wsgi:app`. */
export const application = /(?:^| )([A-Za-z_][\w.]*:[A-Za-z_]\w*(?:\(\))?)(?: |$)/;

/** The code that a child of `multiprocessing` is started with. */
export const spawnedCode = /^from multiprocessing\.(?:spawn|forkserver) import|--multiprocessing-fork/;
