import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build, type Rolldown } from 'vite';

/** Builds the dashboard where what it is made of has changed: `node services/control/dashboard/build.ts`. About two seconds, else none. */
const folder = import.meta.dirname;
const root = join(folder, '../../..');
const dist = join(folder, 'dist');
const stampFile = join(dist, '.stamp.json');
/** Besides the modules that went into it. */
const otherInputs = ['index.html', 'vite.config.ts', 'build.ts', '../../../pnpm-lock.yaml'];

interface Stamp {
  /** Files, from the repository's folder. A file that is new is one that a changed file names. */
  readonly inputs: readonly string[];
  readonly digest: string;
}

if (isFresh()) console.log('The dashboard is as it was built.');
else await buildAnew();

function isFresh(): boolean {
  if (!existsSync(stampFile)) return false;
  const { inputs, digest } = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp;
  return inputs.every((path) => existsSync(join(root, path))) && digestOf(inputs) === digest;
}

async function buildAnew(): Promise<void> {
  // Whatever it is where this is called, in a test for instance: else libraries come with what helps their developers, and weigh twice.
  process.env['NODE_ENV'] = 'production';
  const startedAt = performance.now();
  // Beside what is served at this moment; whoever builds at the same time has one of its own.
  const anew = `${dist}-${process.pid}`;
  try {
    const { output } = (await build({
      configFile: join(folder, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: anew },
    })) as Rolldown.RolldownOutput;
    await compressAll(join(anew, 'assets'));
    const inputs = listInputs(output);
    writeFileSync(join(anew, '.stamp.json'), JSON.stringify({ inputs, digest: digestOf(inputs) }));
    putInPlace(anew);
  } finally {
    rmSync(anew, { recursive: true, force: true });
  }
  console.log(`The dashboard is built (${((performance.now() - startedAt) / 1000).toFixed(1)} s).`);
}

/** Another build may put its own there in between: both are of the same source, so one of them is enough. */
function putInPlace(anew: string): void {
  rmSync(dist, { recursive: true, force: true });
  try {
    renameSync(anew, dist);
  } catch (thrown) {
    if (!isFresh()) throw thrown;
  }
}

function listInputs(output: Rolldown.RolldownOutput['output']): readonly string[] {
  const modules = output.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []));
  // Plugins name modules that are no files; what is installed is named by the lockfile.
  const own = modules
    .map((id) => id.split('?')[0] ?? '')
    .filter((id) => existsSync(id) && !id.includes('/node_modules/'));
  const paths = [...own, ...otherInputs.map((path) => join(folder, path))].map((path) =>
    relative(root, path),
  );
  return [...new Set(paths)].toSorted();
}

function digestOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of inputs)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** Once, as small as it gets: control sends these files as they lie here. */
async function compressAll(assets: string): Promise<void> {
  const names = await readdir(assets);
  await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(assets, name));
      const [zipped, brotli] = await Promise.all([promisify(gzip)(bytes), promisify(brotliCompress)(bytes)]);
      await writeFile(join(assets, `${name}.gz`), zipped);
      await writeFile(join(assets, `${name}.br`), brotli);
    }),
  );
}
