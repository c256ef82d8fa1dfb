import { posix } from 'node:path';
import type { Tree } from './git-tree.ts';

/**
 * Pure. The files that a program reads: what it imports, directly or not, by relative paths or by the subpaths of a package of ours; and, of a
 * file that looks for others beside itself (`import.meta`), everything in its folder that is no TypeScript. Imports of types alone are none:
 * Node takes them out. Packages of others are the lockfile's matter.
 */
export function filesReadBy(tree: Tree, entries: readonly string[]): ReadonlySet<string> {
  const packages = readPackages(tree);
  const read = new Set<string>();
  const open = entries.filter((path) => tree.has(path));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (read.has(path)) continue;
    read.add(path);
    const text = tree.get(path) ?? '';
    if (!/\.tsx?$/.test(path)) continue;
    for (const name of importedBy(text)) {
      const found = name.startsWith('.') ? posix.join(posix.dirname(path), name) : packages(name);
      if (found !== undefined && tree.has(found)) open.push(found);
    }
    if (text.includes('import.meta.')) open.push(...besides(tree, posix.dirname(path)));
  }
  return read;
}

/** Pure. `from '…'` and `import '…'` at the start of a line, and `import('…')` anywhere. */
export function importedBy(text: string): readonly string[] {
  const declarations = text.matchAll(
    /^(?:import|export)\s+(?!type\s)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm,
  );
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [...declarations, ...calls].map(([, name = '']) => name);
}

/** Resolves `@flotilla/substrate/orm/table` by the `exports` of the package's manifest. */
function readPackages(tree: Tree): (name: string) => string | undefined {
  const packages = [...tree].flatMap(([path, text]) => {
    if (!/^(packages|services)\/[^/]+\/package\.json$/.test(path)) return [];
    const { name, exports = {} } = JSON.parse(text) as {
      readonly name: string;
      readonly exports?: Readonly<Record<string, string>>;
    };
    return [{ name, folder: posix.dirname(path), exports }];
  });
  return (wanted) => {
    const found = packages.find(({ name }) => wanted === name || wanted.startsWith(`${name}/`));
    if (found === undefined) return undefined;
    const target = resolveExport(found.exports, `.${wanted.slice(found.name.length)}`);
    return target === undefined ? undefined : posix.join(found.folder, target);
  };
}

/** Exact subpaths go before patterns, and of those the longest (https://nodejs.org/api/packages.html#subpath-patterns). */
function resolveExport(exports: Readonly<Record<string, string>>, subpath: string): string | undefined {
  const exact = exports[subpath];
  if (exact !== undefined) return exact;
  const patterns = Object.keys(exports)
    .filter((pattern) => pattern.includes('*'))
    .toSorted((a, b) => b.indexOf('*') - a.indexOf('*'));
  for (const pattern of patterns) {
    const [head = '', tail = ''] = pattern.split('*');
    if (subpath.startsWith(head) && subpath.endsWith(tail) && subpath.length >= pattern.length)
      return exports[pattern]?.replaceAll('*', subpath.slice(head.length, subpath.length - tail.length));
  }
  return undefined;
}

function besides(tree: Tree, folder: string): readonly string[] {
  return [...tree.keys()].filter((path) => path.startsWith(`${folder}/`) && !/\.tsx?$/.test(path));
}
