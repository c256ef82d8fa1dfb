import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderCompose } from './render/compose.ts';
import { loadServices } from './render/load-services.ts';
import { renderOpenRpc } from './render/openrpc.ts';
import type { Renderer } from './render/rendered-file.ts';
import { renderServiceProfiles } from './render/service-profiles.ts';
import { renderServicesList } from './render/services-list.ts';
import { renderStartScripts } from './render/start-scripts.ts';

/** Writes what is derived from the descriptions; `--check` writes nothing and fails where a file is out of date. */
const renderers: readonly Renderer[] = [
  renderServicesList,
  renderOpenRpc,
  renderStartScripts,
  renderServiceProfiles,
  renderCompose,
];

const root = dirname(import.meta.dirname);
const onlyCheck = process.argv.includes('--check');
const { services, broken } = await loadServices(root);
const rendered = renderers.flatMap((render) => render(root, services));
const outdated = rendered.filter(({ path, text }) => readIfThere(join(root, path)) !== text);

for (const { path, text } of outdated) {
  console.log(`${onlyCheck ? 'out of date' : 'rendered'}: ${path}`);
  if (onlyCheck) continue;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
if (onlyCheck && outdated.length > 0) {
  console.log('Bring them up to date: npm run render');
  process.exitCode = 1;
}
for (const { folder, reason } of broken) {
  console.log(`cannot be read, so nothing is rendered of it: services/${folder}: ${reason}`);
  process.exitCode = 1;
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
