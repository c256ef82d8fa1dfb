import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { ChangeLog } from '@flotilla/substrate/testing/simulator/change-log';
import type { Route } from '@flotilla/substrate/testing/simulator/exchange';
import { checkNames, wholeNumber } from '@flotilla/substrate/testing/simulator/read-query';
import { guid } from './guid.ts';
import { ownPrefix, type ResourceName, resourceOf } from './resources.ts';

const mediaType = 'application/vnd.hedtech.change-notifications.v2+json';
const operations = { created: 'created', updated: 'replaced', removed: 'deleted' } as const;

/**
 * `GET /consume`: the queue of the application, of the resources that it has subscribed. What was acknowledged never comes again: up to
 * `lastProcessedID` by whoever sends it, else everything that is answered, at once.
 */
export function createNotificationQueue(
  changes: ChangeLog<ResourceName>,
  subscribed: readonly ResourceName[],
): Route {
  let acknowledged = 0;
  return (request) => {
    const accept = request.headers.accept ?? '*/*';
    if (![mediaType, 'application/json', '*/*'].includes(accept))
      return { status: 406, description: `The requested version is not supported: ${accept}` };
    const refusal = checkNames(request.query, ['lastProcessedID', 'limit']);
    if (refusal !== undefined) return refusal;
    const limit = wholeNumber(request.query, 'limit', { fallback: 10, least: 1, most: 1000 });
    if (typeof limit !== 'number') return limit;
    const last = wholeNumber(request.query, 'lastProcessedID', { fallback: 0 });
    if (typeof last !== 'number') return last;
    if (last > changes.newest) return { status: 400, description: `No message ${last} was ever published` };
    acknowledged = Math.max(acknowledged, last);
    const waiting = changes
      .list()
      .filter(({ number, collection }) => number > acknowledged && subscribed.includes(collection));
    const sent = waiting.slice(0, limit);
    if (!request.query.has('lastProcessedID')) acknowledged = sent.at(-1)?.number ?? acknowledged;
    return {
      status: 200,
      headers: {
        'Content-Type': mediaType,
        'x-media-type': mediaType,
        'x-remaining': String(waiting.length - sent.length),
      },
      json: sent.map(toMessage),
    };
  };
}

function toMessage({
  number,
  at,
  collection,
  op,
  id,
  after,
}: ReturnType<ChangeLog<ResourceName>['list']>[number]) {
  const head = {
    id: String(number),
    // `2020-07-01 12:00:00.000000+00`
    published: new Date(at).toISOString().replace('T', ' ').replace('Z', '000+00'),
    publisher: { id: guid('applications', 'erp'), applicationName: 'Banner Student API' },
    operation: operations[op],
  };
  const resource = { name: collection, id };
  if (after === undefined) return { ...head, resource, contentType: '' } satisfies JsonObject;
  const version = `${ownPrefix}${resourceOf(collection).versions.at(-1)}+json`;
  return {
    ...head,
    resource: { ...resource, version, domain: 'core' },
    contentType: 'resource-representation',
    content: after,
  } satisfies JsonObject;
}
