import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RenderedFile } from './rendered-file.ts';

interface Manifest {
  readonly description?: string;
  readonly exports?: Readonly<Record<string, string>>;
}

/** `services/README.md`: what each folder of `services/` is. A vendor's service exports its description (`./vendor`). */
export async function renderServicesList(root: string): Promise<readonly RenderedFile[]> {
  const rows = globSync('services/*/package.json', { cwd: root })
    .sort()
    .map((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
      const folder = dirname(path).slice('services/'.length);
      if (manifest.description === undefined) throw new Error(`${path} needs a "description": one sentence`);
      return `| [${folder}](${folder}) | ${manifest.exports?.['./vendor'] === undefined ? 'platform' : 'vendor'} | ${manifest.description} |`;
    });
  const text = [
    '# Services',
    '',
    'Rendered by `npm run render`.',
    '',
    '| service | kind | what it does |',
    '|---|---|---|',
    ...rows,
    '',
  ];
  return [{ path: 'services/README.md', text: text.join('\n') }];
}
