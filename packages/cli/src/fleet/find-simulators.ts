import { pathToFileURL } from 'node:url';
import { Failure } from '@flotilla/substrate/failure';
import type { SimulatorEntry } from '@flotilla/substrate/testing/simulator/define-simulator';
import { type FoundModule, findExported } from './find-exported.ts';

/** Every vendor whose service exports `./simulator`, a module that exports `simulator`. */
export function findSimulators(folder: string): readonly FoundModule[] {
  return findExported(folder, './simulator');
}

/** Fails with `config_invalid` where the module does not export what `defineSimulator` gives. */
export async function loadSimulator({ vendor, module }: FoundModule): Promise<SimulatorEntry> {
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
