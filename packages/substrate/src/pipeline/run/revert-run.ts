import { Failure } from '../../failure/failure.ts';
import type { EntityType } from '../../model/entity-types.ts';
import type { RunEntityType } from '../../store/runs.ts';
import type { Slice } from '../slice.ts';

export function revertRun(
  _slice: Slice,
  runId: string,
  _progress: Map<EntityType, RunEntityType>,
): Promise<void> {
  throw new Failure('internal', 'Reverting is being built', { data: { runId } });
}
