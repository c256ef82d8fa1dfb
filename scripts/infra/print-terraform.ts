import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from '@cdktf/hcl-tools';
import { parse } from '@cdktf/hcl2json';

/**
 * Prints the Terraform files of a folder as JSON: `{"run.tf": {"parsed": …, "text": …, "formatted": …}}`. A program of its own, since the two
 * libraries are Go programs that put themselves among the globals of their process. They are HCL's own parser and formatter
 * (hashicorp/hcl), as WebAssembly inside the npm package.
 */
const [folder = '.'] = process.argv.slice(2);
const files: Record<string, unknown> = {};
for (const path of globSync('*.tf', { cwd: folder }).toSorted()) {
  const text = readFileSync(join(folder, path), 'utf8');
  // The formatter adds a line feed of its own at the end.
  files[path] = { parsed: await parse(path, text), text, formatted: `${(await format(text)).trimEnd()}\n` };
}
// The Go programs wait for ever, so the process has to be ended; but not before a slow reader has everything.
process.stdout.write(JSON.stringify(files), () => process.exit(0));
