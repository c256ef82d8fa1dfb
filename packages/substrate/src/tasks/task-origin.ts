import { z } from 'zod';

/** What a task carries for the time after its death, since Cloud Tasks tells its handler none of it. */
export interface TaskOrigin {
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The names of the headers that it was created with; beside them stand those of Cloud Tasks and of every proxy on the way. */
  readonly headers: readonly string[];
}

export const taskOriginHeader = 'x-flotilla-task';

const Origin = z.object({ createdAt: z.int(), headers: z.array(z.string()) });

export function encodeTaskOrigin(origin: TaskOrigin): string {
  return JSON.stringify(origin);
}

/** Pure. Undefined for a task that somebody else created. */
export function readTaskOrigin(header: string | undefined): TaskOrigin | undefined {
  try {
    return Origin.safeParse(JSON.parse(header ?? 'null')).data;
  } catch {
    return undefined;
  }
}
