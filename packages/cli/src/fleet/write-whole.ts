import { renameSync, writeFileSync } from 'node:fs';

/** Whoever reads the file sees the old one or the new one, never a part, also after a kill -9. Only its owner may read it. */
export function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text, { mode: 0o600 });
  renameSync(beside, path);
}
