import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import { idOf, mapReferences } from './references.ts';
import type { Collection, CollectionName, Service, Version } from './wire-fields.ts';

const servicePaths: Readonly<Record<Version, Readonly<Record<Service, string>>>> = {
  '1.1': {
    rostering: '/ims/oneroster/v1p1',
    gradebook: '/ims/oneroster/v1p1',
    resources: '/ims/oneroster/v1p1',
  },
  '1.2': {
    rostering: '/ims/oneroster/rostering/v1p2',
    gradebook: '/ims/oneroster/gradebook/v1p2',
    resources: '/ims/oneroster/resources/v1p2',
  },
};

/** Pure. Where a service stands under the provider's base URL. */
export function servicePath(service: Service, version: Version): string {
  return servicePaths[version][service];
}

export interface RenderOptions {
  readonly version: Version;
  readonly collections: ReadonlyMap<CollectionName, Collection>;
  /** The provider's own part of the path, before `/ims/oneroster`. */
  readonly prefix: string;
  /** Booleans as JSON booleans, as some vendors send them, instead of the standard's texts. */
  readonly jsonBooleans: boolean;
}

/** A stored record as it goes over the wire: references get their `href`. */
export function createRecordRenderer(
  options: RenderOptions,
): (record: JsonObject, collection: Collection, origin: string) => JsonObject {
  const paths = new Map(
    [...options.collections.values()].map(({ name, single, service }) => [
      single,
      `${options.prefix}${servicePath(service, options.version)}/${name}/`,
    ]),
  );
  // Stored records share their references (references.ts), so each is made ready for the wire once.
  const knownByOrigin = new Map<string, WeakMap<JsonObject, JsonObject>>();

  function withHref(
    reference: JsonObject,
    origin: string,
    known: WeakMap<JsonObject, JsonObject>,
  ): JsonObject {
    let ready = known.get(reference);
    if (ready === undefined) {
      const path = typeof reference.type === 'string' ? paths.get(reference.type) : undefined;
      ready = { href: `${origin}${path ?? '/'}${encodeURIComponent(idOf(reference))}`, ...reference };
      known.set(reference, ready);
    }
    return ready;
  }

  return (record, collection, origin) => {
    const known = knownByOrigin.get(origin) ?? new WeakMap<JsonObject, JsonObject>();
    knownByOrigin.set(origin, known);
    const rendered = mapReferences(record, collection, (reference) => withHref(reference, origin, known));
    return options.jsonBooleans ? flagsToBooleans(rendered, collection) : rendered;
  };
}

function flagsToBooleans(record: JsonObject, collection: Collection): JsonObject {
  const copy: Record<string, JsonValue> = { ...record };
  for (const { name, kind } of collection.fields) {
    if (kind === 'flag' && (copy[name] === 'true' || copy[name] === 'false'))
      copy[name] = copy[name] === 'true';
  }
  return copy;
}
