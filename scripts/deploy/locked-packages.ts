import { posix } from 'node:path';
import { parse } from 'yaml';

/** Name by specifier and version, as pnpm writes them. */
type Dependencies = Readonly<Record<string, { readonly version: string } | string>>;

interface Manifest {
  readonly dependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
}

/** `pnpm-lock.yaml`, of what we use. */
export interface Lockfile {
  readonly importers: Readonly<Record<string, Manifest>>;
  /** What each is, with the digest of its content. */
  readonly packages?: Readonly<Record<string, object>>;
  /** What each asks for. */
  readonly snapshots?: Readonly<Record<string, Manifest>>;
}

/**
 * Pure. Everything of the lockfile that an image of the workspace package in `folder` installs: a text that is the same exactly while its
 * packages are. Packages for development are none of it.
 */
export function lockedPackages(lockfile: Lockfile, folder: string): string {
  const lines = new Set<string>();
  const open = [...dependenciesOf(lockfile.importers[folder], folder)];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const importer = key.startsWith('link:') ? key.slice('link:'.length) : undefined;
    // The snapshot's key may have the versions of its peers behind it, the package's has not.
    const content = lockfile.packages?.[key.replace(/\(.*$/, '')] ?? {};
    const line = `${key} ${JSON.stringify(content)}`;
    if (lines.has(line)) continue;
    lines.add(line);
    open.push(
      ...(importer === undefined
        ? dependenciesOf(lockfile.snapshots?.[key], folder)
        : dependenciesOf(lockfile.importers[importer], importer)),
    );
  }
  return [...lines].toSorted().join('\n');
}

export function parseLockfile(text: string): Lockfile {
  return parse(text) as Lockfile;
}

/** Keys of snapshots, or `link:` and the folder of a workspace package. */
function dependenciesOf(manifest: Manifest | undefined, folder: string): readonly string[] {
  const all = { ...manifest?.dependencies, ...manifest?.optionalDependencies };
  return Object.entries(all).map(([name, dependency]) => {
    const version = typeof dependency === 'string' ? dependency : dependency.version;
    if (version.startsWith('link:')) return `link:${posix.join(folder, version.slice('link:'.length))}`;
    // An alias is written with the name of what it stands for.
    return /^@?[^@(]+@/.test(version) ? version : `${name}@${version}`;
  });
}
