import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { diffFields } from '@flotilla/substrate/report/diff-fields';
import type { RpcAnswer } from '@flotilla/substrate/rpc/answer';
import type { VersionPair } from './find-versions.ts';

/** A place where the two versions do not say the same; a side that is absent says nothing there. */
export interface Difference {
  /** JSON Pointer into the older version's answer. */
  readonly pointer: string;
  readonly older?: JsonValue;
  /** What the newer one says, in the older one's words. */
  readonly newer?: JsonValue;
}

/** Pure. Where the newer version's answer, told as the older one promised it, is another than the older one's own. */
export function compareAnswers(
  { translation }: Pick<VersionPair, 'translation'>,
  older: RpcAnswer,
  newer: RpcAnswer,
): readonly Difference[] {
  const [before, after] = [
    older,
    'error' in newer ? newer : { result: translate(translation, newer.result) },
  ].map(toComparable);
  return diffFields(before ?? {}, after ?? {}).map(({ pointer, before: old, after: young }) => ({
    pointer,
    ...(old === undefined ? {} : { older: old }),
    ...(young === undefined ? {} : { newer: young }),
  }));
}

function translate(translation: VersionPair['translation'], result: JsonValue): JsonValue {
  // What is sent is JSON; `never` stands for the newer version's own result, which this is.
  return JSON.parse(JSON.stringify(translation.down(result as never))) as JsonValue;
}

/** An error is the same when its code is: messages and traces are for people. */
function toComparable(answer: RpcAnswer): JsonObject {
  if ('error' in answer) return { error: { code: answer.error.data?.code ?? answer.error.code } };
  return isJsonObject(answer.result) ? answer.result : { result: answer.result };
}
