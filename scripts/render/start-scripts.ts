import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFlags } from '../../packages/substrate/src/service/node-flags.ts';
import type { Renderer } from './rendered-file.ts';

/**
 * The `start` script in each service's `package.json`: Node's flags for the memory that its description asks for. It is how the
 * command line and the image start the service too.
 */
export const renderStartScripts: Renderer = (root, services) =>
  services.map(({ folder, memory }) => {
    const path = `services/${folder}/package.json`;
    const start = `node ${nodeFlags(memory).join(' ')} src/main.ts`;
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text: text.replace(/^( *"start": )"[^"]*"/m, `$1${JSON.stringify(start)}`) };
  });
