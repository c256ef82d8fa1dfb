import { Failure } from '../../failure/failure.ts';
import type { Route } from './exchange.ts';

export type RouteMatch =
  | {
      readonly kind: 'found';
      readonly name: string;
      readonly route: Route;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

export interface RouteTable {
  find(method: string, path: string): RouteMatch;
  /** The lines that `find` never returned. */
  unused(): readonly string[];
}

interface CompiledRoute {
  readonly name: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly route: Route;
}

/**
 * Routes by `METHOD /path/:name`. A literal segment wins over a `:name`, whatever the order of the table. Throws `config_invalid` for
 * a line that is none.
 */
export function createRouteTable(routes: Readonly<Record<string, Route>>): RouteTable {
  const compiled = Object.entries(routes).map(([name, route]) => compile(name, route));
  // Grouped by length, literal before parameter: the first match is the most specific one.
  const byLength = Map.groupBy(compiled, (entry) => entry.segments.length);
  for (const group of byLength.values()) group.sort((a, b) => (specificity(a) < specificity(b) ? -1 : 1));
  const used = new Set<string>();

  function find(method: string, path: string): RouteMatch {
    const segments = decodedSegments(path);
    const candidates = (segments && byLength.get(segments.length)) ?? [];
    const matching = candidates.filter((entry) => matches(entry, segments ?? []));
    const found = matching.find((entry) => entry.method === method);
    if (segments === undefined || matching.length === 0) return { kind: 'unknown' };
    if (found === undefined)
      return { kind: 'wrong-method', allowed: [...new Set(matching.map((entry) => entry.method))] };
    used.add(found.name);
    return { kind: 'found', name: found.name, route: found.route, params: paramsOf(found, segments) };
  }

  return { find, unused: () => Object.keys(routes).filter((name) => !used.has(name)) };
}

function compile(name: string, route: Route): CompiledRoute {
  const match = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/.exec(name);
  if (match === null) {
    throw new Failure('config_invalid', 'Not a route: it reads METHOD /path/:name', {
      data: { route: name },
    });
  }
  return { name, method: match[1] ?? '', segments: (match[2] ?? '').slice(1).split('/'), route };
}

function specificity(entry: CompiledRoute): string {
  return entry.segments.map((segment) => (segment.startsWith(':') ? '1' : '0')).join('');
}

function matches(entry: CompiledRoute, segments: readonly string[]): boolean {
  return entry.segments.every((wanted, at) =>
    wanted.startsWith(':') ? segments[at] !== '' : wanted === segments[at],
  );
}

function paramsOf(entry: CompiledRoute, segments: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  entry.segments.forEach((name, at) => {
    if (name.startsWith(':')) params[name.slice(1)] = segments[at] ?? '';
  });
  return params;
}

function decodedSegments(path: string): string[] | undefined {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
