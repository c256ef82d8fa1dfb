import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { findChangedServices, servicesIn } from './find-changed-services.ts';
import { readTree, type Tree } from './git-tree.ts';
import { type DeployedService, type Revision, readDeployed } from './read-deployed.ts';

/**
 * Prints the services whose images would differ between two commits, one a line:
 *
 *     node scripts/run.mjs scripts/deploy/changed-services.ts OLDER NEWER
 *     node scripts/run.mjs scripts/deploy/changed-services.ts --services services.json --revisions revisions.json NEWER
 *
 * The second compares each service with the commit that it runs, as `gcloud run services list` and `gcloud run revisions list` tell it.
 */
const repository = dirname(dirname(import.meta.dirname));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { services: { type: 'string' }, revisions: { type: 'string' } },
});
const newest = positionals.at(-1);
const newer = newest === undefined ? undefined : readTree(repository, newest);
if (newer === undefined) {
  console.error(
    'Name a commit of this clone: changed-services.ts [OLDER | --services FILE --revisions FILE] NEWER',
  );
  process.exit(2);
}
for (const service of changedIn(newer)) console.log(service);

function changedIn(tree: Tree): readonly string[] {
  const { services, revisions } = values;
  if (services === undefined || revisions === undefined)
    return findChangedServices(
      positionals.length < 2 ? undefined : readTree(repository, positionals[0] ?? ''),
      tree,
    );
  const deployed = readDeployed(
    readJson(services) as readonly DeployedService[],
    readJson(revisions) as readonly Revision[],
  );
  const changedSince = new Map<string, readonly string[]>();
  return servicesIn(tree).filter((service) => {
    const commit = deployed[service];
    if (commit === undefined) return true;
    const changed = changedSince.get(commit) ?? findChangedServices(readTree(repository, commit), tree);
    changedSince.set(commit, changed);
    return changed.includes(service);
  });
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
