import type { Tree } from './git-tree.ts';
import { filesReadBy } from './import-graph.ts';
import { type Lockfile, lockedPackages, parseLockfile } from './locked-packages.ts';

/** What an image is made of besides its service's own files and packages, and those of its pages. */
const recipe = ['docker/Dockerfile', 'docker/Dockerfile.dockerignore', 'docker/rolldown.config.ts'];

/** Pure. The services of the newer tree, in the order of their names: folders of `services/` with a program. */
export function servicesIn(tree: Tree): readonly string[] {
  return [...tree.keys()]
    .flatMap((path) => /^services\/([^/]+)\/src\/main\.ts$/.exec(path)?.[1] ?? [])
    .toSorted();
}

/**
 * Pure. The services whose image would do something else when made of `newer` instead of `older`: of another source, other packages, other
 * flags, or by another recipe. All of them where the older tree is not known.
 */
export function findChangedServices(older: Tree | undefined, newer: Tree): readonly string[] {
  if (older === undefined) return servicesIn(newer);
  const [before, after] = [lockfileOf(older), lockfileOf(newer)];
  return servicesIn(newer).filter(
    (service) => inputsOf(older, before, service) !== inputsOf(newer, after, service),
  );
}

function inputsOf(tree: Tree, lockfile: Lockfile, service: string): string {
  const folder = `services/${service}`;
  const pages = `${folder}/dashboard`;
  const entries = [`${folder}/src/main.ts`, `${folder}/src/migrate.ts`, `${pages}/src/main.tsx`];
  const files = new Set([...recipe, ...filesReadBy(tree, entries), ...filesIn(tree, pages)]);
  return JSON.stringify([
    [...files].toSorted().map((path) => [path, tree.get(path)]),
    startOf(tree, folder),
    workspaceRulesOf(tree),
    lockedPackages(lockfile, folder),
    lockedPackages(lockfile, pages),
  ]);
}

/** What a build of pages reads is not known from outside. */
function filesIn(tree: Tree, folder: string): readonly string[] {
  return [...tree.keys()].filter((path) => path.startsWith(`${folder}/`));
}

function lockfileOf(tree: Tree): Lockfile {
  return parseLockfile(tree.get('pnpm-lock.yaml') ?? 'importers: {}');
}

/** Node's flags stand in the manifest; its packages are the lockfile's, and its other words nobody's. */
function startOf(tree: Tree, folder: string): unknown {
  const manifest = JSON.parse(tree.get(`${folder}/package.json`) ?? '{}') as {
    readonly scripts?: Readonly<Record<string, string>>;
  };
  return manifest.scripts?.['start'];
}

/** Which pnpm installs, and by which rules. The catalog's versions are the lockfile's. */
function workspaceRulesOf(tree: Tree): unknown {
  const { packageManager } = JSON.parse(tree.get('package.json') ?? '{}') as {
    readonly packageManager?: string;
  };
  const rules = (tree.get('pnpm-workspace.yaml') ?? '').replace(/^catalog:\n(?:[ #].*\n|\n)*/m, '');
  return [packageManager, rules];
}
