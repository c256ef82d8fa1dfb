import type { z } from 'zod';
import { Failure } from '../failure/failure.ts';
import { type EntityType, entityTypeFacts, entityTypeNames, type Family } from '../model/entity-types.ts';
import type { AnyMethod } from '../rpc/define-method.ts';
import type { QueueSettings } from '../tasks/task-queue.ts';
import type { Api, ConnectionSchema } from './define-api.ts';
import type { Entity } from './define-entity.ts';
import type { Feed } from './feed.ts';
import type { Join } from './join.ts';

/** Why a run runs. Each vendor has one queue a context. */
export const contexts = ['nightly', 'realtime', 'manual'] as const;
export type Context = (typeof contexts)[number];

export type QueueProfile = Omit<QueueSettings, 'name'>;

/** What the vendor's service needs of a machine; rendered into its deployment. */
export interface RuntimeProfile {
  readonly memory: `${number}MiB` | `${number}GiB`;
  readonly cpu: number;
  /** Of one request; a slice ends well before it. */
  readonly timeoutSeconds: number;
  /** Requests that one instance serves at once. */
  readonly concurrency: number;
}

/** At night patience: few runs at once, for a vendor that is down. */
const patient: QueueProfile = {
  rate: { maxDispatchesPerSecond: 5, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 10, minBackoffMs: 5_000, maxBackoffMs: 600_000, maxDoublings: 5 },
  dispatchDeadlineMs: 900_000,
};

/** Somebody waits for the answer: fewer attempts, sooner. */
const prompt: QueueProfile = {
  rate: { maxDispatchesPerSecond: 20, maxConcurrentDispatches: 10 },
  retry: { maxAttempts: 6, minBackoffMs: 1_000, maxBackoffMs: 60_000, maxDoublings: 5 },
  dispatchDeadlineMs: 900_000,
};

/** What suits a vendor unless its description says otherwise. How fast one integration may ask is another matter: `api.limits`. */
const usual = {
  runtime: { memory: '512MiB', cpu: 1, timeoutSeconds: 900, concurrency: 10 },
  queues: { nightly: patient, realtime: prompt, manual: prompt },
} as const;

/** A vendor as data, schemas and pure functions: no I/O, no clock, no retry, no SQL. */
export interface Vendor {
  /** kebab-case; also the name of the service's folder, of its queues and of its key. */
  readonly id: string;
  readonly title: string;
  /** The vendor's own documentation. */
  readonly docs: string;
  readonly runtime: RuntimeProfile;
  readonly queues: Readonly<Record<Context, QueueProfile>>;
  readonly api: Api;
  /** In dependency order: a record may refer only to entity types above its own. */
  readonly entities: readonly Entity[];
  /** Where the vendor tells of its changes: spares reading what has not changed. */
  readonly feed?: Feed;
  /**
   * What its service can be asked besides what every vendor's can: methods of its own (`methods/`), or of those that are there to be chosen
   * (`@flotilla/substrate/methods`: `defineRecordsRead`). Their context is a `RunWorker`, of a folder that imports this one.
   */
  readonly methods?: (vendor: Vendor) => readonly AnyMethod<never>[];
}

interface VendorDraft<C extends z.ZodType, N extends ConnectionSchema>
  extends Omit<Vendor, 'runtime' | 'queues' | 'api' | 'entities' | 'feed'> {
  /** Default: as `usual` has it. */
  readonly runtime?: RuntimeProfile;
  /** Default: as `usual` has it. */
  readonly queues?: Vendor['queues'];
  readonly api: Api<C, N>;
  readonly feed?: Feed<z.output<N>>;
  // biome-ignore format: one line says it
  readonly entities: readonly { readonly [T in EntityType]: Entity<T, z.ZodType, z.output<N>> }[EntityType][];
}

/**
 * Describes a vendor and checks the description at import. Fails with `config_invalid` for an id that is not kebab-case, an entity type
 * listed twice, entities out of dependency order, one whose list is not to be had, a join that cannot be read or whose members are written
 * back, and limits that are not positive.
 */
export function defineVendor<C extends z.ZodType, N extends ConnectionSchema>(
  draft: VendorDraft<C, N>,
): Vendor {
  // The one place where an entity's and the API's own types are forgotten: from here on their values are parsed by their own schemas
  // before their functions see them.
  const vendor = { ...usual, ...draft } as unknown as Vendor;
  refuseIf(!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(vendor.id), vendor, 'id must be kebab-case', vendor.id);
  const { requests, perSeconds, concurrent } = vendor.api.limits;
  refuseIf(
    // Not `<= 0`, which NaN is not either.
    !(Math.min(requests, perSeconds, concurrent) > 0),
    vendor,
    'api.limits must be positive',
    vendor.api.limits,
  );
  const order = vendor.entities.map((entity) => entityTypeNames.indexOf(entity.entityType));
  order.forEach((position, index) => {
    const { entityType } = vendor.entities[index] as Entity;
    refuseIf(order.indexOf(position) !== index, vendor, 'entities must list an entity type once', entityType);
    const late = entityTypeFacts(entityType).refersTo.find(
      (name) => order.indexOf(entityTypeNames.indexOf(name as EntityType)) > index,
    );
    refuseIf(late !== undefined, vendor, `entities must list ${late} before`, entityType);
  });
  const blind = vendor.entities.find(({ write, one }) => write !== undefined && one === undefined);
  refuseIf(
    blind !== undefined,
    vendor,
    'an entity that is written back must say where one of its records is read',
    blind?.entityType,
  );
  vendor.entities.forEach((entity, index) =>
    refuseUnreadable(vendor, entity, vendor.entities.slice(0, index)),
  );
  return Object.freeze(vendor);
}

/** Refuses an entity whose list is not there yet when it would be read. */
function refuseUnreadable(vendor: Vendor, entity: Entity, above: readonly Entity[]): void {
  const { entityType, from, within, parents, lists } = entity;
  refuseIf(
    within !== undefined && !above.some((one) => one.entityType === within),
    vendor,
    `entities must list ${within} before, whose records have the lists`,
    entityType,
  );
  refuseIf(
    parents !== undefined && within === undefined,
    vendor,
    'an entity that leaves parents out must say within whose records its lists are',
    entityType,
  );
  refuseIf(
    from !== undefined && (within !== undefined || lists !== undefined),
    vendor,
    'an entity has lists of its own or stands in those of another',
    entityType,
  );
  for (const [name, join] of Object.entries(entity.joins ?? {}))
    refuseJoin(vendor, entity, above, name, join);
  if (from === undefined) return;
  const source = above.find((one) => one.entityType === from);
  refuseIf(
    source === undefined || source.from !== undefined,
    vendor,
    `entities must list ${from}, with a list of its own, before`,
    entityType,
  );
  refuseIf(
    source?.collection !== entity.collection,
    vendor,
    `the collection must be that of ${from}, from whose list the records are read`,
    entityType,
  );
}

/** Refuses a list that cannot be read before the entity's own, or whose members would be written where they are not read. */
function refuseJoin(
  vendor: Vendor,
  { entityType, write }: Entity,
  above: readonly Entity[],
  name: string,
  { collection, from, members }: Join,
): void {
  const found = { entityType, join: name };
  // Its pages are kept under both names together.
  const isNamed = /^[a-zA-Z][a-zA-Z0-9-]*$/.test(name) && name.length + entityType.length < 64;
  refuseIf(
    !isNamed,
    vendor,
    'a join is named by letters, digits and dashes, at most 63 with those of its entity type',
    found,
  );
  const isOneList = (collection === undefined) !== (from === undefined);
  refuseIf(!isOneList, vendor, 'a join has a collection of its own or stands in the list of another', found);
  const source = above.find((one) => one.entityType === from);
  refuseIf(
    from !== undefined && source === undefined,
    vendor,
    `entities must list ${from} before, in whose list the join stands`,
    found,
  );
  refuseIf(
    source?.from !== undefined,
    vendor,
    `the join must be from ${source?.from}, in whose list the records of ${from} stand`,
    found,
  );
  const written: readonly string[] = write?.members ?? [];
  const member = members.find((one) => written.includes(one));
  refuseIf(member !== undefined, vendor, 'a member that a join says cannot be written back', {
    ...found,
    member,
  });
}

/** The entity types whose records are read of this one's list, or of the lists that its records have; and so on. */
export function readThrough(vendor: Vendor, entityType: EntityType): readonly EntityType[] {
  return vendor.entities
    .filter(({ from, within }) => from === entityType || within === entityType)
    .flatMap((entity) => [entity.entityType, ...readThrough(vendor, entity.entityType)]);
}

/** The vendor's entity types that a sync method covers. */
export function entityTypesOf(vendor: Vendor, family?: Family): readonly EntityType[] {
  return vendor.entities
    .map((entity) => entity.entityType)
    .filter((entityType) => family === undefined || entityTypeFacts(entityType).family === family);
}

/** The queue of a vendor's context: `oneroster-nightly`. */
export function queueName(vendorId: string, context: Context): string {
  return `${vendorId}-${context}`;
}

/** A vendor's three queues. */
export function vendorQueues(vendor: Vendor): readonly QueueSettings[] {
  return contexts.map((context) => ({ ...vendor.queues[context], name: queueName(vendor.id, context) }));
}

function refuseIf(wrong: boolean, vendor: Vendor, rule: string, found: unknown): void {
  if (wrong)
    throw new Failure('config_invalid', 'A vendor is described wrongly', {
      data: { vendor: vendor.id, rule, found },
    });
}
