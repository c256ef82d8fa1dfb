import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFlags } from '../../packages/substrate/src/service/node-flags.ts';
import { control } from '../../services/control/src/service.ts';
import { oneroster } from '../../services/oneroster/src/vendor.ts';
import { warehouse } from '../../services/warehouse/src/service.ts';
import type { RenderedFile } from './rendered-file.ts';

/**
 * The `start` script in each service's `package.json`: Node's flags for the memory that its description asks for. It is how the
 * command line and the image start the service too.
 */
export async function renderStartScripts(root: string): Promise<readonly RenderedFile[]> {
  const memoryByService = {
    control: control.memory,
    warehouse: warehouse.memory,
    [oneroster.id]: oneroster.runtime.memory,
  };
  return Object.entries(memoryByService).map(([service, memory]) => {
    const path = `services/${service}/package.json`;
    const start = `node ${nodeFlags(memory).join(' ')} src/main.ts`;
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text: text.replace(/^( *"start": )"[^"]*"/m, `$1${JSON.stringify(start)}`) };
  });
}
