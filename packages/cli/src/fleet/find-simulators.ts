import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '@flotilla/substrate/failure';
import type { SimulatorEntry } from '@flotilla/substrate/testing/simulator/define-simulator';
import { z } from 'zod';

export interface FoundSimulator {
  /** The folder's name, which is the vendor's id. */
  readonly vendor: string;
  /** The module that exports `simulator`. */
  readonly module: string;
}

/** Every vendor whose service exports `./simulator` in its manifest, by name. */
export function findSimulators(folder: string): readonly FoundSimulator[] {
  return (existsSync(folder) ? readdirSync(folder) : []).toSorted().flatMap((vendor) => {
    const manifest = join(folder, vendor, 'package.json');
    if (!existsSync(manifest)) return [];
    const path = Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8'))).exports['./simulator'];
    return path === undefined ? [] : [{ vendor, module: join(folder, vendor, path) }];
  });
}

/** Fails with `config_invalid` where the module does not export what `defineSimulator` gives. */
export async function loadSimulator({ vendor, module }: FoundSimulator): Promise<SimulatorEntry> {
  const loaded: Partial<Record<string, unknown>> = await import(pathToFileURL(module).href);
  if (isEntry(loaded.simulator)) return loaded.simulator;
  throw new Failure('config_invalid', 'The module of this simulator does not export one', {
    data: { vendor, module, expected: 'export const simulator = defineSimulator({ create, ... })' },
  });
}

function isEntry(value: unknown): value is SimulatorEntry {
  return (
    typeof value === 'object' && value !== null && 'create' in value && typeof value.create === 'function'
  );
}

const Manifest = z.object({ exports: z.record(z.string(), z.string()).default({}) });
