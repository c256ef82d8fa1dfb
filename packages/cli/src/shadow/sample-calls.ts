import { Failure } from '@flotilla/substrate/failure';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { z } from 'zod';
import type { Fleet } from '../fleet/connect-fleet.ts';
import type { VersionPair } from './find-versions.ts';

export interface SampleScope {
  readonly customerId: string;
  readonly integrationId: string;
  /** Records of each entity type. */
  readonly records: number;
}

const Page = z.object({ records: z.array(z.object({ recordId: z.string() })) });

/** Calls of the older version for records that are stored: a few of each entity type that it takes. Fails where it takes none, or none is stored. */
export async function sampleCalls(
  fleet: Fleet,
  { older }: Pick<VersionPair, 'older'>,
  { records, ...scope }: SampleScope,
): Promise<readonly JsonObject[]> {
  const { entityType, recordId } = older.params.shape;
  const entityTypes = entityType instanceof z.ZodEnum ? entityType.options.map(String) : undefined;
  if (entityTypes === undefined || recordId === undefined) {
    throw new Failure('invalid_params', 'This method is not about a record, so calls cannot be made up', {
      data: { method: older.wireName, advice: 'Give the parameters as JSON, one object a call.' },
    });
  }
  const calls: JsonObject[] = [];
  for (const name of entityTypes) {
    const asked = { ...scope, entityType: name, limit: records };
    const page = await fleet.control.call('records.list.v1', asked, Page);
    calls.push(...page.records.map((record) => ({ ...scope, entityType: name, recordId: record.recordId })));
  }
  if (calls.length > 0) return calls;
  throw new Failure('not_found', 'Nothing is stored of which calls could be made up', {
    data: {
      ...scope,
      advice: 'Sync the integration first, or give the parameters as JSON, one object a call.',
    },
  });
}
