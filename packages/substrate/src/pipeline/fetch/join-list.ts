import type { JoinedScope } from '../../store/joined.ts';
import type { JoinProgress } from '../../store/list-progress.ts';
import type { PageScope } from '../../store/pages.ts';
import type { RunEntityType } from '../../store/runs.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Join } from '../../vendor/join.ts';
import type { Slice } from '../slice.ts';
import type { Listed } from './open-pages.ts';

/** One of the lists that say more of an entity type's records. */
export interface JoinList {
  readonly name: string;
  readonly join: Join;
  readonly listed: Listed;
  /** Where what it says is kept. */
  readonly scope: JoinedScope;
  /** Under which its pages are kept. */
  readonly pages: PageScope;
}

/** What pages and left out records of a join's list go by, in place of an entity type: they must not count among its own. */
export function joinName(entityType: string, list: string): string {
  return `${entityType}@${list}`;
}

/** The lists in the order in which they are read. */
export function joinLists({ run, vendor }: Slice, { entityType, joins = {} }: Entity): readonly JoinList[] {
  const { customerId, integrationId, runId } = run;
  return Object.entries(joins).map(([name, join]) => ({
    name,
    join,
    listed: listedOf(vendor.entities, join),
    scope: { customerId, integrationId, entityType, list: name },
    pages: { customerId, runId, entityType: joinName(entityType, name) },
  }));
}

function listedOf(entities: readonly Entity[], { collection, from, idOf }: Join): Listed {
  const source = entities.find(({ entityType }) => entityType === from);
  return {
    // One of the two is there (`defineVendor`).
    collection: (collection ?? source?.collection) as Entity['collection'],
    idOf,
    ...(from === undefined ? {} : { from }),
  };
}

const unread: JoinProgress = {
  position: null,
  cursor: null,
  pages: 0,
  restarts: [],
  evidence: null,
  refused: 0,
  isDone: false,
  failure: null,
};

/** How far the list has been read. */
export function progressOf({ joins }: RunEntityType, { name }: JoinList): JoinProgress {
  return joins[name] ?? unread;
}

/** With the list's progress changed. */
export function withProgress(
  progress: RunEntityType,
  list: JoinList,
  changed: Partial<JoinProgress>,
): RunEntityType {
  const joins = { ...progress.joins, [list.name]: { ...progressOf(progress, list), ...changed } };
  return { ...progress, joins };
}
