/**
 * What a process loads when it is used, and only then: clients of Google, OpenTelemetry, DuckDB's binary. They stay in node_modules, where
 * some of them read files that lie beside them.
 */
const loadedLater = [/^@google-cloud\//, /^google-/, /^@grpc\//, /^@opentelemetry\//, /^@duckdb\//];

/**
 * A service and what it loads at its start, in few files: from source it starts three times as slowly. `into` has to lie within the substrate's
 * folder, since what is loaded later is looked for from there. Names stay as they are, for stack traces.
 */
export function bundleOf(service: string, into: string) {
  return {
    input: { main: `${service}/src/main.ts` },
    platform: 'node' as const,
    external: loadedLater,
    output: {
      dir: into,
      format: 'esm' as const,
      minify: { compress: true, mangle: false, codegen: true },
    },
  };
}

/** For the image: `docker/Dockerfile` says which service. */
export default bundleOf(
  `${process.env['FOLDER'] ?? 'services'}/${process.env['SERVICE'] ?? ''}`,
  'packages/substrate/bundle',
);
