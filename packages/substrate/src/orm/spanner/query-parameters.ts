import { Failure } from '../../failure/failure.ts';
import { isTypedValue } from '../kysely/typed-value.ts';
import { type SpannerType, type SpannerValue, toSpannerType, toSpannerValue } from './spanner-value.ts';

/** The named parameters of a request: p1, p2, ...; a type that is left out is inferred by Spanner from where the parameter stands. */
export interface QueryParameters {
  readonly params: { readonly fields: Record<string, SpannerValue> };
  readonly paramTypes: Record<string, SpannerType>;
}

/** Pure. Parameters of a compiled query, or checked values. */
export function toParameters(parameters: readonly unknown[]): QueryParameters {
  const fields: Record<string, SpannerValue> = {};
  const paramTypes: Record<string, SpannerType> = {};
  for (const [position, parameter] of parameters.entries()) {
    const name = `p${position + 1}`;
    if (isTypedValue(parameter)) {
      fields[name] = toSpannerValue(parameter.plain);
      paramTypes[name] = toSpannerType(parameter.column);
      continue;
    }
    const { value, type } = toUntyped(parameter);
    fields[name] = value;
    if (type !== undefined) paramTypes[name] = type;
  }
  return { params: { fields }, paramTypes };
}

/** A value that stands beside no column: text is text, as on SQLite, and null is whatever it stands beside. */
function toUntyped(parameter: unknown): { readonly value: SpannerValue; readonly type?: SpannerType } {
  switch (typeof parameter) {
    case 'string':
      return { value: toSpannerValue(parameter), type: { code: 'STRING' } };
    case 'boolean':
      return { value: toSpannerValue(parameter), type: { code: 'BOOL' } };
    case 'bigint':
      return { value: toSpannerValue(parameter), type: { code: 'INT64' } };
    case 'number':
      return Number.isSafeInteger(parameter)
        ? { value: toSpannerValue(BigInt(parameter)), type: { code: 'INT64' } }
        : { value: toSpannerValue(parameter), type: { code: 'FLOAT64' } };
    default:
      if (parameter === null) return { value: toSpannerValue(null) };
      if (parameter instanceof Uint8Array)
        return { value: toSpannerValue(parameter), type: { code: 'BYTES' } };
      throw new Failure(
        'invalid_params',
        'A query has a parameter that stands beside no column and is no plain value',
        {
          data: { type: typeof parameter },
        },
      );
  }
}
