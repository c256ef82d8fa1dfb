import type { Clock } from '@flotilla/substrate/clock/clock';
import { isFailure } from '@flotilla/substrate/failure';
import type { ServiceParts } from '@flotilla/substrate/service';
import { z } from 'zod';
import { sayReason } from './say-reason.ts';

/** `starting`: it has not answered in time, and may be about to. `notReady`: something answers at its address, and not as it should. */
export const probedStates = ['ready', 'starting', 'notReady', 'unreachable'] as const;

export interface ProbedService {
  readonly state: (typeof probedStates)[number];
  /** Why it is not ready. */
  readonly reason: string | null;
  readonly version: string | null;
}

/** Asks services of the fleet how they are. */
export interface ServiceProbe {
  look(
    service: string,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<ProbedService>;
}

export interface ServiceProbeOptions {
  readonly peers: ServiceParts['peers'];
  readonly clock: Clock;
}

/** The document of a service's methods says which version it is of; here it mostly shows that somebody is there who lets us in. */
const Discovered = z.object({ info: z.object({ version: z.string() }) });

/** In Cloud Run whoever asks a service without instances waits until one has started. */
const startsWithinMs = 30_000;
/** Who was not asked for so long may have gone to sleep again. */
const awakeMs = 60_000;

export function createServiceProbe({ peers, clock }: ServiceProbeOptions): ServiceProbe {
  /** Since when a service has been silent, and when that was last seen. */
  const silences = new Map<string, { readonly since: number; readonly seenAt: number }>();

  function isStarting(service: string): boolean {
    const now = clock.now();
    const known = silences.get(service);
    const since = known === undefined || now - known.seenAt > awakeMs ? now : known.since;
    silences.set(service, { since, seenAt: now });
    return now - since < startsWithinMs;
  }

  return {
    async look(service, options) {
      try {
        const { info } = await peers.call(service, 'rpc.discover', {}, { result: Discovered, ...options });
        silences.delete(service);
        return { state: 'ready', reason: null, version: info.version };
      } catch (thrown) {
        const reason = sayReason(thrown);
        if (isFailure(thrown, 'unavailable') && 'waitedMs' in thrown.data)
          return { state: isStarting(service) ? 'starting' : 'unreachable', reason, version: null };
        silences.delete(service);
        const answers = isFailure(thrown) && (thrown.code !== 'unavailable' || 'status' in thrown.data);
        return { state: answers ? 'notReady' : 'unreachable', reason, version: null };
      }
    },
  };
}
