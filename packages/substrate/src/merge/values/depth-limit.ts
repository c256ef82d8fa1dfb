import { Failure } from '../../failure/failure.ts';
import { jsonPointer } from '../../json/canonical-json.ts';

/** As in canonical-json.ts: what cannot be hashed is not merged either, and no input reaches the end of the stack. */
const maximumDepth = 200;

/** Pure. Fails with `invalid_params` where an object or a list stands below 200 others; `path` leads at least to where that was noticed. */
export function refuseTooDeep(level: number, path: readonly string[]): void {
  if (level < maximumDepth) return;
  throw new Failure('invalid_params', 'A merge goes 200 levels deep and no further', {
    data: {
      pointer: jsonPointer(path),
      found: `nesting deeper than ${maximumDepth}`,
      advice: `Objects and lists may stand in one another up to ${maximumDepth} levels: flatten this value, or leave it out.`,
    },
  });
}
