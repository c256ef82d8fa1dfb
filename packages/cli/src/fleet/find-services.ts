import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@flotilla/substrate/failure';
import { z } from 'zod';

export interface FoundService {
  readonly name: string;
  /** The file that Node runs. */
  readonly entry: string;
  /** As in the service's own `start` script: rendered there from what its description says of memory. */
  readonly nodeFlags: readonly string[];
}

/** Every folder with a `src/main.ts` is a service, by the folder's name. Fails with `config_invalid` where there is none. */
export function findServices(folder: string): readonly FoundService[] {
  const found = (existsSync(folder) ? readdirSync(folder) : [])
    .toSorted()
    .map((name) => ({ name, entry: join(folder, name, 'src', 'main.ts') }))
    .filter(({ entry }) => existsSync(entry))
    .map((service) => ({ ...service, nodeFlags: readNodeFlags(join(folder, service.name, 'package.json')) }));
  if (found.length > 0) return found;
  throw new Failure('config_invalid', 'There are no services to start', {
    data: { folder, expected: '<service>/src/main.ts', advice: 'Give the folder that holds the services.' },
  });
}

/** None where there is no manifest, or one whose script gives none. */
function readNodeFlags(manifest: string): readonly string[] {
  if (!existsSync(manifest)) return [];
  const { scripts } = Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

const Manifest = z.object({ scripts: z.object({ start: z.string().default('') }).prefault({}) });
