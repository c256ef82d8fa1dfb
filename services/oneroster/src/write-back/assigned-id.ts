import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';

/**
 * Pure. The id that the server gave to the record that was sent as `sent`, from the answer to a POST: `sourcedIdPairs`, whose order the
 * standard calls not significant. Undefined where the answer does not say it; a PUT's has no body.
 */
export function assignedId(answer: JsonValue, sent: { readonly id: string }): string | undefined {
  const pairs = isJsonObject(answer) ? answer.sourcedIdPairs : undefined;
  // Some providers answer with the pair alone, without the list around it.
  const list: readonly JsonValue[] = Array.isArray(pairs) ? pairs : [pairs ?? null];
  const pair = list.find((each) => isJsonObject(each) && each.suppliedSourcedId === sent.id);
  const allocated = isJsonObject(pair) ? pair.allocatedSourcedId : undefined;
  return typeof allocated === 'string' && allocated !== '' ? allocated : undefined;
}
