import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@flotilla/substrate/failure';

export interface FoundService {
  readonly name: string;
  /** The file that Node runs. */
  readonly entry: string;
}

/** Every folder with a `src/main.ts` is a service, by the folder's name. Fails with `config_invalid` where there is none. */
export function findServices(folder: string): readonly FoundService[] {
  const found = (existsSync(folder) ? readdirSync(folder) : [])
    .toSorted()
    .map((name) => ({ name, entry: join(folder, name, 'src', 'main.ts') }))
    .filter(({ entry }) => existsSync(entry));
  if (found.length > 0) return found;
  throw new Failure('config_invalid', 'There are no services to start', {
    data: { folder, expected: '<service>/src/main.ts', advice: 'Give the folder that holds the services.' },
  });
}
