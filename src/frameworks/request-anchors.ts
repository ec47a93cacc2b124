import { parseVariablePath, type VariablePath } from '../model/variable-path.js';
import type { Framework, RequestAnchor } from './framework.js';
import { frameworks } from './frameworks.js';

/** A `RequestAnchor` whose texts are read. */
export interface Anchor {
  /** The end of the path of its file, and the function's own name. */
  readonly file: string;
  readonly name: string;
  readonly environ: VariablePath | undefined;
  readonly scope: VariablePath | undefined;
  readonly route: readonly VariablePath[];
  readonly noRoute: VariablePath | undefined;
  readonly leaf: VariablePath | undefined;
  readonly method: VariablePath | undefined;
  readonly future: VariablePath | undefined;
  readonly job: VariablePath | undefined;
  readonly differs: VariablePath | undefined;
  readonly began: VariablePath | undefined;
}

const anchorPaths = [
  ...(['environ', 'scope', 'noRoute', 'leaf', 'method', 'future', 'job', 'differs', 'began'] as const),
];

/** Those of all frameworks. */
export const knownAnchors: readonly Anchor[] = frameworks.flatMap(anchorsOf);

/** Throws where one is not of the form. */
export function anchorsOf({ id, anchors = [] }: Pick<Framework, 'id' | 'anchors'>): readonly Anchor[] {
  return anchors.map((anchor) => {
    const parsed = parseAnchor(anchor);
    if (!parsed)
      throw new Error(`${id}: the anchor ${anchor.frame}, or one of its paths, is not of the form`);
    return parsed;
  });
}

type Steps = VariablePath['steps'];

/** Steps from an environ, and from a scope, to the routes that frameworks chose. */
export const environRoutes: readonly Steps[] = frameworks.flatMap(({ environRoute }) =>
  environRoute === undefined ? [] : [stepsOf(environRoute)],
);
export const scopeRoutes: readonly { readonly route: Steps; readonly leaf: Steps }[] = frameworks.flatMap(
  ({ scopeRoutes: routes = [] }) =>
    routes.map(({ route, leaf }) => ({ route: stepsOf(route), leaf: stepsOf(leaf) })),
);

function stepsOf(path: string): Steps {
  return parseVariablePath(`it${path}`)!.steps;
}

/** `undefined` when one of its texts is not of its form. */
export function parseAnchor({ frame, ...texts }: RequestAnchor): Anchor | undefined {
  const [, file, name] = /^([^:]+):(\w+|<\w+>)$/.exec(frame) ?? [];
  if (file === undefined || name === undefined) return undefined;
  const paths: Record<string, VariablePath[] | undefined> = {};
  for (const [key, text] of Object.entries(texts)) {
    const parsed = [text].flat().map(parseVariablePath);
    const known = parsed.filter((path) => path !== undefined);
    if (known.length < parsed.length) return undefined;
    paths[key] = known;
  }
  const [environ, scope, noRoute, leaf, method, future, job, differs, began] = anchorPaths.map(
    (key) => paths[key]?.[0],
  );
  const { route = [] } = paths;
  return { file, name, environ, scope, route, noRoute, leaf, method, future, job, differs, began };
}

/**
 * One that a user names, as `file.py:function:path.to.route`. The function may be written with its class, of which only
 * its own name is compared.
 * `undefined` when the text is not of that form.
 */
export function userAnchor(text: string): Anchor | undefined {
  const [, file, name, route] = /^([^:]+):([^:]+):([^:]+)$/.exec(text.trim()) ?? [];
  if (file === undefined || name === undefined || route === undefined) return undefined;
  return parseAnchor({ frame: `${file}:${name.slice(name.lastIndexOf('.') + 1)}`, route });
}
