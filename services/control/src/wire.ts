import type { WireOf } from '@flotilla/substrate/rpc';
import type { controlMethods } from './service.ts';

/** What the dashboard may say to control and hears from it, by method: `Wire['runs.get.v1']['result']`. */
export type Wire = WireOf<typeof controlMethods>;
