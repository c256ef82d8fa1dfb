import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export interface FoundModule {
  /** The folder's name, which is the vendor's id. */
  readonly vendor: string;
  /** The file that the manifest names. */
  readonly module: string;
}

/** Every service whose manifest exports this subpath, such as `./simulator`, by name. */
export function findExported(folder: string, subpath: string): readonly FoundModule[] {
  return (existsSync(folder) ? readdirSync(folder) : []).toSorted().flatMap((vendor) => {
    const manifest = join(folder, vendor, 'package.json');
    if (!existsSync(manifest)) return [];
    const path = Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8'))).exports[subpath];
    return path === undefined ? [] : [{ vendor, module: join(folder, vendor, path) }];
  });
}

const Manifest = z.object({ exports: z.record(z.string(), z.string()).default({}) });
