import { findNearest } from '@flotilla/substrate/failure/find-nearest';
import { anySegment, parsePattern } from '@flotilla/substrate/merge/rules/pointer-pattern';
import { type EntityType, entityTypeFacts, entityTypeNames } from '@flotilla/substrate/model';
import { z } from 'zod';

/** Whose records are meant: those of one entity type, or of whichever. */
export type KnownRecords = EntityType | 'any';

/**
 * Pure. What is wrong with a pointer pattern that no canonical record has a place for, with the nearest one that there is; undefined: some
 * record could have it. What a vendor adds under `metadata` is free.
 */
export function findPlaceFault(pattern: string, known: KnownRecords): string | undefined {
  const segments = parsePattern(pattern);
  let places: readonly z.ZodType[] = schemasOf(known);
  for (const [index, segment] of segments.entries()) {
    const below = places.flatMap((place) => placesBelow(place, segment));
    if (below.length > 0) {
      places = below;
      continue;
    }
    const names = places.flatMap(namesIn);
    const near = segment === anySegment ? undefined : findNearest(segment, names);
    const written = pattern.split('/');
    const hint =
      near === undefined
        ? ''
        : `; did you mean ${JSON.stringify([...written.slice(0, index + 1), near, ...written.slice(index + 2)].join('/'))}?`;
    const whose = known === 'any' ? 'no record of any entity type' : `no ${known}`;
    return `${JSON.stringify(pattern)}: ${whose} has such a field${hint}`;
  }
  return undefined;
}

function schemasOf(known: KnownRecords): readonly z.ZodType[] {
  return (known === 'any' ? entityTypeNames : [known]).map((name) => entityTypeFacts(name).schema);
}

/** What may stand under a name, or under any; of a list each element, whatever it goes by. */
function placesBelow(place: z.core.$ZodType, segment: string | typeof anySegment): readonly z.ZodType[] {
  const schema = unwrap(place);
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
    if (segment === anySegment) return Object.values(shape);
    return Object.hasOwn(shape, segment) ? [shape[segment] as z.ZodType] : [];
  }
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  if (schema instanceof z.ZodRecord) return [z.any()];
  return schema instanceof z.ZodAny ? [schema] : [];
}

function namesIn(place: z.core.$ZodType): readonly string[] {
  const schema = unwrap(place);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}
