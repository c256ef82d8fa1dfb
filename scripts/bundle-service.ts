import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { bundleOf } from '../docker/rolldown.config.ts';

/** Bundles a service as its image does, into a folder within the substrate's. Answers the file to be started. */
export async function bundleService(repository: string, service: string, into: string): Promise<string> {
  const { output, ...input } = bundleOf(join(repository, 'services', service), into);
  const bundle = await rolldown(input);
  try {
    await bundle.write(output);
  } finally {
    await bundle.close();
  }
  return join(into, 'main.js');
}
