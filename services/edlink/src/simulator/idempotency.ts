import type { Clock } from '@flotilla/substrate/clock/clock';
import { isJsonObject } from '@flotilla/substrate/json/json-value';
import {
  type Answer,
  isProblem,
  type SimulatedRequest,
} from '@flotilla/substrate/testing/simulator/exchange';
import { refuse } from './refusal.ts';

const keptMs = 30 * 86_400_000;

/** Does a POST once for each `$idempotency`: for 30 days the same key brings the same answer, whatever has become of the record since. */
export function createIdempotency(clock: Clock) {
  const answers = new Map<string, { readonly at: number; readonly answer: Answer }>();

  return (request: SimulatedRequest, act: () => Answer): Answer => {
    const key = request.query.get('$idempotency');
    if (key === null) return act();
    if (key.length > 255) return refuse('IDEMPOTENCY_KEY_TOO_LONG', 'At most 255 characters');
    const known = answers.get(key);
    if (known !== undefined && clock.now() < known.at + keptMs) return repeated(known.answer);
    const answer = act();
    // What was refused may be sent again, corrected.
    if (!isProblem(answer)) answers.set(key, { at: clock.now(), answer });
    return answer;
  };
}

function repeated(answer: Answer): Answer {
  if (isProblem(answer) || !isJsonObject(answer.json)) return answer;
  const warning = {
    code: 'IDEMPOTENCY_KEY_REPEATED',
    message: 'This is the answer that the key brought before',
  };
  const { $warnings } = answer.json;
  const warnings = Array.isArray($warnings) ? [...$warnings, warning] : [warning];
  return { ...answer, json: { ...answer.json, $warnings: warnings } };
}
