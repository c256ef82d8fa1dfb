import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { type Connection, gradebook, oneOf, rostering } from '../paths.ts';

/** What the gradebook points to: the types as its schema spells them, and where each is served. */
const served = {
  academicSession: rostering('academicSessions'),
  class: rostering('classes'),
  org: rostering('orgs'),
  user: rostering('users'),
  category: gradebook('categories'),
  lineItem: gradebook('lineItems'),
  scoreScale: gradebook('scoreScales'),
} as const;

/**
 * Pure. Writes an id as a reference `{href, sourcedId, type}`, all three of which the schema demands. The address is the one at which we would
 * read the object ourselves: what the vendor wrote there may name its inside.
 */
export function referenceTo(type: keyof typeof served): (id: string, connection: Connection) => JsonObject {
  return (id, connection) => {
    const { path } = oneOf(served[type], type)(id, connection);
    return { href: `${connection.baseUrl}${path}`, sourcedId: id, type };
  };
}
