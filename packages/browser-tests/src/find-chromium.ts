import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A path, or why there is none and how to get it: one line, to be printed where tests are skipped for it. */
export type FoundChromium = { readonly path: string } | { readonly missing: string };

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const howToGet =
  'install one ("apt-get install chromium" on Debian and Ubuntu), or name its program in FLOTILLA_CHROMIUM';

/** The browser of this machine: FLOTILLA_CHROMIUM, else the first on the PATH that is a Chromium. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): FoundChromium {
  const named = environment['FLOTILLA_CHROMIUM'];
  if (named !== undefined && named !== '') {
    return existsSync(named) ? { path: named } : { missing: `There is no Chromium at ${named}: ${howToGet}` };
  }
  const path = (environment['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => programs.map((program) => join(folder, program)))
    .find((candidate) => existsSync(candidate));
  return path === undefined ? { missing: `There is no Chromium here: ${howToGet}` } : { path };
}
