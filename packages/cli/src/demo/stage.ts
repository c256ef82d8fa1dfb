import type { Host } from '../host.ts';
import type { DemoFleet } from './demo-fleet.ts';
import type { Narrator } from './narrator.ts';

/** What every chapter of the demo needs. */
export interface Stage {
  readonly host: Host;
  readonly narrator: Narrator;
  readonly demo: DemoFleet;
}
