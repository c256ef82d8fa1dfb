import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePorts } from './choose-ports.ts';

/**
 * Lets a home be as if its fleet had been started before, on ports of its own. The first start of a home looks for them from the same one on
 * as every other's, and two that look at the same moment find the same.
 */
export async function keepFreePorts(
  home: string,
  services: readonly string[] = ['control', 'oneroster', 'warehouse'],
): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'ports.json'), JSON.stringify(await findFreePorts(services)));
}
