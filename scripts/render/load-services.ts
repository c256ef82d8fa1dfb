import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyMethod } from '../../packages/substrate/src/rpc/define-method.ts';
import type { Service } from '../../packages/substrate/src/service/service-definition.ts';
import { vendorMethods } from '../../packages/substrate/src/service/vendor-service.ts';
import type { QueueSettings } from '../../packages/substrate/src/tasks/task-queue.ts';
import {
  type RuntimeProfile,
  type Vendor,
  vendorQueues,
} from '../../packages/substrate/src/vendor/define-vendor.ts';

/** What a folder of `services/` is: a vendor's (`src/vendor.ts` exports its description), or the platform's own (`src/service.ts`). */
export interface LoadedService {
  readonly folder: string;
  /** The manifest's sentence. */
  readonly description: string;
  readonly memory: RuntimeProfile['memory'];
  readonly methods: readonly AnyMethod<never>[];
  readonly queues: readonly QueueSettings[];
  readonly subscriptions: NonNullable<Service<unknown>['subscriptions']>;
  readonly vendor?: Vendor;
}

export interface BrokenService {
  readonly folder: string;
  readonly reason: string;
}

export interface LoadedServices {
  readonly services: readonly LoadedService[];
  /** Folders that cannot be read; what is rendered of the others does not depend on them. */
  readonly broken: readonly BrokenService[];
}

/** Imports every service below `root`, by name. A folder with neither of the two files is none. */
export async function loadServices(root: string): Promise<LoadedServices> {
  const services: LoadedService[] = [];
  const broken: BrokenService[] = [];
  for (const folder of readdirSync(join(root, 'services')).toSorted()) {
    const home = join(root, 'services', folder);
    const source = ['vendor.ts', 'service.ts'].find((name) => existsSync(join(home, 'src', name)));
    if (source === undefined) continue;
    try {
      const exported = Object.values(
        (await import(pathToFileURL(join(home, 'src', source)).href)) as Readonly<Record<string, unknown>>,
      );
      const facts = source === 'vendor.ts' ? readVendor(folder, exported) : readPlatform(folder, exported);
      services.push({ folder, description: readDescription(home), ...facts });
    } catch (thrown) {
      broken.push({ folder, reason: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }
  return { services, broken };
}

function readVendor(
  folder: string,
  exported: readonly unknown[],
): Omit<LoadedService, 'folder' | 'description'> {
  const vendor = exported.find(isVendor);
  if (vendor?.id !== folder)
    throw new Error(`src/vendor.ts must export the Vendor whose id is "${folder}", the folder's name`);
  return {
    memory: vendor.runtime.memory,
    methods: vendorMethods(vendor),
    queues: vendorQueues(vendor),
    subscriptions: [],
    vendor,
  };
}

function readPlatform(
  folder: string,
  exported: readonly unknown[],
): Omit<LoadedService, 'folder' | 'description'> {
  const service = exported.find(isServiceDefinition);
  const methods = exported.find(isMethodList);
  if (service?.name !== folder || methods === undefined)
    throw new Error(
      `src/service.ts must export the ServiceDefinition named "${folder}" and the list of its methods`,
    );
  return {
    memory: service.memory,
    methods,
    queues: exported.find(isQueueList) ?? [],
    subscriptions: exported.find(isSubscriptionList) ?? [],
  };
}

function isVendor(value: unknown): value is Vendor {
  return (
    isRecord(value) && typeof value.id === 'string' && Array.isArray(value.entities) && isRecord(value.api)
  );
}

function isServiceDefinition(
  value: unknown,
): value is { readonly name: string; readonly memory: RuntimeProfile['memory'] } {
  return isRecord(value) && typeof value.name === 'string' && typeof value.open === 'function';
}

function isMethodList(value: unknown): value is readonly AnyMethod<never>[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && typeof item.wireName === 'string');
}

function isQueueList(value: unknown): value is readonly QueueSettings[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && isRecord(item.retry));
}

function isSubscriptionList(value: unknown): value is LoadedService['subscriptions'] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && typeof item.route === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function readDescription(home: string): string {
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly description?: string;
  };
  if (manifest.description !== undefined) return manifest.description;
  throw new Error('package.json needs a "description": one sentence');
}
