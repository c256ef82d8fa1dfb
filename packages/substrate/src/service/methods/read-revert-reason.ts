import { type AuditEntry, listAuditEntries } from '../../store/audit.ts';
import type { Run } from '../../store/runs.ts';
import type { Store } from '../../store/schema.ts';

const scanSize = 100;
const mostPages = 10;
/** The entry is written in the commit that asks for the run, by the clock of the same process. Milliseconds. */
const leeway = 10_000;

/** Why somebody asked for a run that takes back another, as the audit trail has it; null: nobody said. */
export async function readRevertReason(
  store: Store,
  { customerId, runId, requestedAt }: Run,
): Promise<string | null> {
  const asked = Date.parse(requestedAt);
  const since = new Date(asked - leeway).toISOString();
  const until = new Date(asked + leeway).toISOString();
  let after: AuditEntry | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const found = await listAuditEntries(store, customerId, {
      since,
      until,
      limit: scanSize,
      ...(after === undefined ? {} : { after }),
    });
    const entry = found.find(({ detail }) => detail['startedRunId'] === runId);
    if (entry !== undefined) {
      const reason = entry.detail['reason'];
      return typeof reason === 'string' ? reason : null;
    }
    after = found.at(-1);
    if (found.length < scanSize) break;
  }
  return null;
}
