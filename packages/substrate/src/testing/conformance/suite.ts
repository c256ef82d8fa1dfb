import { onTestFinished } from 'vitest';
import type { AuthStyle } from '../../http/auth.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { EntityType } from '../../model/entity-types.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { type EditableSimulator, openVendorStage, type Seat, type VendorStage } from '../vendor-stage.ts';

/** What a vendor's test says besides its description and its simulator. */
export interface ConformanceOptions<S extends EditableSimulator> {
  /** The folder that holds `vendor.ts`: `import.meta.dirname`. Responses in the vendor's true shape are expected in `../fixtures/responses`. */
  readonly folder: string;
  readonly connection: (simulator: S) => JsonObject;
  readonly credential: (simulator: S) => JsonObject;
  /** Of the right form, and refused by the simulator. */
  readonly refusedCredential: (simulator: S) => JsonObject;
  /** The entity type whose list is read page by page; default `user`, else the vendor's first. The simulator needs a dozen of them. */
  readonly subject?: EntityType;
  /** How the simulator's edits name a collection, where it is not the member that holds its records. */
  readonly collectionNames?: Readonly<Partial<Record<EntityType, string>>>;
  /**
   * Entity types whose records say nothing but their own ids, so that they can come and go and not change, and why: Google's memberships.
   */
  readonly unalterable?: Readonly<Partial<Record<EntityType, string>>>;
  /** Whether the vendor can mark a record as deleted instead of dropping it, and the simulator knows the edit `tobedeleted`. */
  readonly marksDeletions?: boolean;
  /** Parameters for methods that need more than customer, integration and run, by wire name. */
  readonly params?: Readonly<Record<string, JsonObject>>;
  /** Records a page where pages are short; default 5. */
  readonly pageSize?: number;
}

/** Of long pages the longest lists still have several, and a sync takes a third of the time. */
export type Pages = 'short' | 'long';

const longPage = 20;

/** What the topics of the conformance suite work with; they know nothing of the simulator's own type. */
export interface Suite {
  readonly vendor: Vendor;
  readonly folder: string;
  /** Read page by page where the topic is paging, faults or resuming. */
  readonly subject: Entity;
  readonly marksDeletions: boolean;
  readonly unalterable: Readonly<Partial<Record<EntityType, string>>>;
  readonly params: Readonly<Record<string, JsonObject>>;
  /** A fresh stage, closed when the test ends. Short pages, the default, are for what happens between pages. */
  open(pages?: Pages): Promise<VendorStage>;
  refusedCredential(stage: VendorStage): JsonObject;
  credential(stage: VendorStage): JsonObject;
  authStyle(stage: VendorStage): AuthStyle;
  /** How the simulator's edits name this entity's collection. */
  collectionName(stage: VendorStage, entity: Entity): string;
}

export function createSuite<S extends EditableSimulator>(
  vendor: Vendor,
  createSimulator: (seat: Seat) => Promise<S> | S,
  options: ConformanceOptions<S>,
): Suite {
  const { folder, connection, marksDeletions = false, unalterable = {}, params = {}, pageSize } = options;
  const stages = new Map<VendorStage, S>();

  async function open(pages: Pages = 'short'): Promise<VendorStage> {
    const size = pages === 'long' ? longPage : pageSize;
    const stage = await openVendorStage({
      vendor,
      createSimulator,
      connection,
      credential: options.credential,
      // What is proven of lists is proven of whole ones.
      fetchesWhole: true,
      ...(size === undefined ? {} : { pageSize: size }),
    });
    onTestFinished(() => stage.close());
    stages.set(stage, stage.simulator);
    return stage;
  }

  function simulatorOf(stage: VendorStage): S {
    const simulator = stages.get(stage);
    if (simulator === undefined) throw new RangeError('The stage was not opened by this suite');
    return simulator;
  }

  const settingsOf = (stage: VendorStage) => vendor.api.connection.parse(connection(simulatorOf(stage)));
  const credential = (stage: VendorStage) => options.credential(simulatorOf(stage));
  return {
    vendor,
    folder,
    subject: subjectOf(vendor, options.subject),
    marksDeletions,
    unalterable,
    params,
    open,
    credential,
    refusedCredential: (stage) => options.refusedCredential(simulatorOf(stage)),
    authStyle: (stage) =>
      vendor.api.authorize(vendor.api.credential.parse(credential(stage)), settingsOf(stage)),
    collectionName: (stage, entity) => {
      const { path, member } = stage.collection(entity);
      const { pathname: root } = new URL(settingsOf(stage).baseUrl);
      return (
        options.collectionNames?.[entity.entityType] ?? member ?? path.slice(root.replace(/\/?$/, '/').length)
      );
    },
  };
}

function subjectOf({ id, entities }: Vendor, wanted: EntityType = 'user'): Entity {
  // One list, that is there alone: what a run of this entity type does is what its pages are.
  const simple = entities.filter(({ from, within, lists }) => (from ?? within ?? lists) === undefined);
  const subject = entities.find(({ entityType }) => entityType === wanted) ?? simple[0] ?? entities[0];
  if (subject === undefined) throw new RangeError(`${id} has no entities`);
  return subject;
}
