import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { keyLength } from './aes-gcm.ts';

/** The local key ring's file: the keys from which each vendor's keys are derived. Whoever reads it reads every secret. */
export interface KeyFile {
  readonly primary: number;
  readonly keysByVersion: ReadonlyMap<number, Uint8Array>;
}

const key = z
  .string()
  .transform((text) => Buffer.from(text, 'base64url'))
  .refine((bytes) => bytes.length === keyLength, 'not 32 bytes in base64url');
const fileSchema = z
  .strictObject({
    format: z.literal('flotilla-key-ring-1'),
    primary: z.int().positive(),
    keys: z.array(z.strictObject({ version: z.int().positive(), key })).min(1),
  })
  .refine(
    ({ primary, keys }) => keys.some(({ version }) => version === primary),
    'no key has the primary version',
  )
  .refine(
    ({ keys }) => new Set(keys.map(({ version }) => version)).size === keys.length,
    'two keys have one version',
  );

/** Reads the file; where there is none, makes one. Of several processes that do so at once, all come to the same file. */
export async function openKeyFile(path: string): Promise<KeyFile> {
  try {
    return await readKeyFile(path);
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = await writeDraft(path, { primary: 1, keysByVersion: new Map([[1, randomBytes(keyLength)]]) });
  try {
    // A link, unlike a rename, replaces nothing: only the first of several processes gets its file under the name.
    await link(draft, path);
  } catch (thrown) {
    if (!hasCode(thrown, 'EEXIST')) throw unusable(path, 'it cannot be created', thrown);
  } finally {
    await rm(draft, { force: true });
  }
  return readKeyFile(path);
}

/** Adds a new key and makes it the primary one; returns its version. What older ones wrapped can still be unwrapped. */
export async function rotateKeyFile(path: string): Promise<number> {
  const { keysByVersion } = await openKeyFile(path);
  const primary = Math.max(...keysByVersion.keys()) + 1;
  const draft = await writeDraft(path, {
    primary,
    keysByVersion: new Map([...keysByVersion, [primary, randomBytes(keyLength)]]),
  });
  await rename(draft, path);
  return primary;
}

async function readKeyFile(path: string): Promise<KeyFile> {
  const { mode } = await stat(path);
  // Windows has no such modes: there, Node shows what it makes up.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw unusable(
      path,
      `others may read it (mode ${(mode & 0o777).toString(8)}); let only its owner: chmod 600`,
    );
  }
  const parsed = fileSchema.safeParse(parseJson(await readFile(path, 'utf8')));
  if (!parsed.success) {
    // zod's messages name places and types, never values.
    const problem = parsed.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ');
    throw unusable(path, `it is not a key file (${problem}); restore it from a backup`);
  }
  const { primary, keys } = parsed.data;
  return { primary, keysByVersion: new Map(keys.map(({ version, key: bytes }) => [version, bytes])) };
}

/** A complete file, on disk, readable by its owner only from its first moment. */
async function writeDraft(path: string, { primary, keysByVersion }: KeyFile): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
  const keys = [...keysByVersion].map(([version, bytes]) => ({
    version,
    key: Buffer.from(bytes).toString('base64url'),
  }));
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(
      `${JSON.stringify({ format: 'flotilla-key-ring-1', primary, keys }, undefined, 2)}\n`,
    );
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is made of keys.
    return undefined;
  }
}

function unusable(path: string, problem: string, cause?: unknown): Failure {
  return new Failure('config_invalid', 'The key file cannot be used', { data: { path, problem }, cause });
}

function isMissing(thrown: unknown): boolean {
  return hasCode(thrown, 'ENOENT');
}

function hasCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
