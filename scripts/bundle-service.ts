import { join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * What a process loads when it is used, and only then: clients of Google, OpenTelemetry, DuckDB's binary. They stay in node_modules, where
 * some of them read files that lie beside them.
 */
const loadedLater = [/^@google-cloud\//, /^google-/, /^@grpc\//, /^@opentelemetry\//, /^@duckdb\//];

/**
 * Puts a service and what it loads at its start into few files under `into`, which has to lie within the substrate's folder: what is loaded later is
 * looked for from there. Answers the file to be started.
 */
export async function bundleService(repository: string, service: string, into: string): Promise<string> {
  const bundle = await rolldown({
    input: join(repository, 'services', service, 'src', 'main.ts'),
    platform: 'node',
    external: loadedLater,
  });
  try {
    await bundle.write({ dir: into, format: 'esm', minify: true });
  } finally {
    await bundle.close();
  }
  return join(into, 'main.js');
}
