import type { Clock } from '@flotilla/substrate/clock/clock';
import { Failure } from '@flotilla/substrate/failure';
import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import { createRpcClient, type RpcClient } from '../rpc/rpc-client.ts';
import type { FleetFile } from './fleet-file.ts';

/** A running fleet, to be called. */
export interface Fleet {
  readonly names: readonly string[];
  readonly control: RpcClient;
  /** Fails with `not_found` for a service that the fleet does not have. */
  service(name: string): RpcClient;
}

export function connectFleet(
  { token, services }: FleetFile,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Fleet {
  const names = Object.keys(services);

  function service(name: string): RpcClient {
    const url = Object.hasOwn(services, name) ? services[name]?.url : undefined;
    if (url !== undefined) return createRpcClient({ service: name, url, token, clock, signal });
    const nearest = findNearest(name, names);
    const hint = nearest === undefined ? '' : ` Is ${nearest} meant?`;
    throw new Failure('not_found', 'The fleet has no such service', {
      data: { service: name, advice: `There are ${names.join(', ')}.${hint}` },
    });
  }

  return {
    names,
    service,
    get control() {
      return service('control');
    },
  };
}
