import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '@flotilla/substrate/failure';
import { z } from 'zod';
import { writeWhole } from './write-whole.ts';

/** How a running fleet is reached: `dev.json` in its home, for as long as it runs. */
const FleetFile = z.object({
  token: z.string(),
  services: z.record(z.string(), z.object({ url: z.string(), pid: z.number() })),
});
export type FleetFile = z.output<typeof FleetFile>;

export function fleetFilePath(home: string): string {
  return join(home, 'dev.json');
}

/** Undefined where no fleet runs, or one that never ended well and left nothing readable. */
export function readFleetFile(home: string): FleetFile | undefined {
  try {
    return FleetFile.parse(JSON.parse(readFileSync(fleetFilePath(home), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Fails with `unavailable`, saying how to start one: `start` is the command line. */
export function requireFleetFile(home: string, start: string): FleetFile {
  const file = readFleetFile(home);
  if (file !== undefined) return file;
  throw new Failure('unavailable', 'No fleet is running here', {
    data: { home, advice: `Start it in another terminal: ${start}` },
  });
}

/** It holds the token. */
export function writeFleetFile(home: string, file: FleetFile): void {
  writeWhole(fleetFilePath(home), `${JSON.stringify(file, null, 2)}\n`);
}

export function removeFleetFile(home: string): void {
  rmSync(fleetFilePath(home), { force: true });
}
