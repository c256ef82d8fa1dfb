import { readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';

export const versions = ['7.3', '6.1'] as const;
/** Of the host. */
export type Version = (typeof versions)[number];

/** A part of the official schema, as far as bodies are checked by it. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export interface ResourceFacts {
  readonly name: string;
  /** As messages name it: `StudentSectionAssociation`. */
  readonly entity: string;
  readonly schema: Schema;
  /** The members of the natural key, side by side, as queries name them. */
  readonly key: readonly string[];
  /** In which records can be loaded. */
  readonly order: number;
  readonly keyChanges: boolean;
}

/** What the official documents say of the resources that are simulated, in one version of the Data Standard. */
export interface Standard {
  readonly version: Version;
  readonly dataStandard: string;
  readonly resources: ReadonlyMap<string, ResourceFacts>;
  schemaOf(schema: Schema): Schema;
}

interface Document {
  readonly resources: Readonly<
    Record<string, Pick<ResourceFacts, 'key' | 'order'> & { schema: string; keyChanges?: true }>
  >;
  readonly $defs: Readonly<Record<string, Schema>>;
}

const dataStandards = { '7.3': '5.0', '6.1': '4.0' } as const;

export function loadStandard(version: Version): Standard {
  const dataStandard = dataStandards[version];
  const url = new URL(`../../fixtures/ed-fi-ds-${dataStandard}-schema-parts.json`, import.meta.url);
  const { resources, $defs } = JSON.parse(readFileSync(url, 'utf8')) as Document;
  return {
    version,
    dataStandard: `${dataStandard}.0`,
    resources: new Map(
      Object.entries(resources).map(([name, { schema, key, order, keyChanges }]) => {
        const single = schema.replace('edFi_', '');
        const entity = single.charAt(0).toUpperCase() + single.slice(1);
        return [
          name,
          { name, entity, schema: $defs[schema] ?? {}, key, order, keyChanges: keyChanges === true },
        ];
      }),
    ),
    schemaOf: (schema) =>
      schema.$ref === undefined ? schema : ($defs[schema.$ref.replace('#/$defs/', '')] ?? {}),
  };
}

/** A natural key, side by side. */
export type KeyValues = Readonly<Record<string, string | number>>;

/** Pure. The record's natural key, side by side: its own members first, then those in its references. */
export function keyValuesOf({ key }: ResourceFacts, record: JsonObject): KeyValues {
  const references = Object.entries(record).flatMap(([name, value]) =>
    name.endsWith('Reference') && isJsonObject(value) ? [value] : [],
  );
  const values = key.flatMap((name): [string, KeyValues[string]][] => {
    const value = [record, ...references].find((place) => place[name] !== undefined)?.[name];
    return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
  });
  return Object.fromEntries(values);
}

/** Pure. The records of one of these resources are meant by a reference of this name: `schoolYearTypeReference`. */
export function targetsOf({ resources }: Standard, reference: string): readonly ResourceFacts[] {
  const entity = reference.charAt(0).toUpperCase() + reference.slice(1, -'Reference'.length);
  if (entity === 'EducationOrganization')
    return [...resources.values()].filter(({ name }) => /^(schools|localEducationAgencies)$/.test(name));
  return [...resources.values()].filter((facts) => [facts.entity, `Parent${facts.entity}`].includes(entity));
}
