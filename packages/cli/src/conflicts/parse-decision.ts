import { Failure } from '@flotilla/substrate/failure';
import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { isBegunBy } from '../output/show-moment.ts';
import type { Choice } from '../rpc/answers.ts';
import type { CustomerConflict } from './render-conflicts.ts';

/** What a person decided, as it was typed. */
export interface TypedDecision {
  /** The conflict's id, or its beginning. */
  readonly beginning: string;
  readonly choice: Choice;
}

const advice =
  'Write CONFLICT=ours, CONFLICT=theirs, or CONFLICT=VALUE with the value as JSON: 1a2b3c4d=5, or in a shell \'1a2b3c4d="Ann"\' for a text.';

/** Pure. `1a2b3c4d=theirs`. Fails with `invalid_params`. */
export function parseDecision(text: string): TypedDecision {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new Failure('invalid_params', 'This is no decision', { data: { given: text, advice } });
  }
  return { beginning: text.slice(0, at), choice: parseChoice(text.slice(at + 1), text) };
}

/** Pure. `ours`, `theirs`, or JSON. */
export function parseChoice(text: string, given: string): Choice {
  if (text === 'ours' || text === 'theirs') return text;
  try {
    return { value: JSON.parse(text) as Extract<Choice, object>['value'] };
  } catch (cause) {
    throw new Failure('invalid_params', 'A decision is ours, theirs or a value as JSON', {
      data: { given, advice },
      cause,
    });
  }
}

export interface Decision {
  readonly conflict: CustomerConflict;
  readonly choice: Choice;
}

/** Pure. The decisions with the conflicts that they name. Fails with `not_found` and `invalid_params`. */
export function matchDecisions(
  typed: readonly TypedDecision[],
  conflicts: readonly CustomerConflict[],
  list: string,
): readonly Decision[] {
  const decisions = typed.map(({ beginning, choice }) => {
    const found = conflicts.filter(({ conflictId }) => isBegunBy(conflictId, beginning));
    const [conflict] = found;
    if (conflict === undefined) {
      throw new Failure('not_found', 'No conflict that waits begins so', {
        data: { conflict: beginning, advice: `See which there are: ${list}` },
      });
    }
    if (found.length > 1) {
      throw new Failure('invalid_params', 'Several conflicts begin so', {
        data: {
          conflict: beginning,
          found: found.slice(0, 5).map((one) => `${one.conflictId} (${toPlainText(one.recordId, 60)})`),
          advice: 'Give more of the id.',
        },
      });
    }
    return { conflict, choice };
  });
  const ids = decisions.map(({ conflict }) => conflict.conflictId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return decisions;
  throw new Failure('invalid_params', 'A conflict is decided twice', {
    data: { conflict: twice, advice: 'Name each conflict once.' },
  });
}
