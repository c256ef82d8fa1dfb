import type { Clock } from '../clock/clock.ts';
import { Failure } from '../failure/failure.ts';
import { type Batch, type BatchLimits, createBatcher } from './batch.ts';
import type { Change, IntegrationKey } from './change.ts';
import type { ChangeBus } from './change-bus.ts';
import type { ChangeSource } from './change-source.ts';

/** The topic of all changes of all integrations. */
export const changesTopic = 'changes';

/** The subscription of that topic by which they reach the warehouse. */
export const warehouseSubscription = 'warehouse';

/** Stands in the attribute `format` of every message; a reader refuses one that it does not know. */
export const changesFormat = 'flotilla.changes.v1';

export interface RelayOptions {
  readonly source: ChangeSource;
  readonly bus: ChangeBus;
  readonly integration: IntegrationKey;
  readonly clock: Clock;
  /** Ends the relay early, between two messages; what is left goes the next time. */
  readonly signal?: AbortSignal;
  readonly limits?: BatchLimits;
  readonly pageSize?: number;
  /** Added to each message: the trace context, say. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface RelayOutcome {
  readonly changes: number;
  readonly messages: number;
  /** The sequence up to which everything is published. */
  readonly cursor: number;
  /** False when `signal` ended it before everything was published. */
  readonly isDrained: boolean;
}

const defaultLimits: BatchLimits = { maxCount: 2_000, maxBytes: 4_000_000, maxAgeMs: 5_000 };

/**
 * Publishes one integration's committed changes in order, until there are no more. The cursor moves after the broker's acknowledgement:
 * a crash in between publishes the same changes again, and the warehouse's views see to it that this does not show. Nothing new: no
 * message and no write. Fails with `too_large` for a change that no message can hold and `internal` for a gap in the sequence, both
 * after everything before it was published, and with what the ports fail with.
 */
export async function relayChanges(options: RelayOptions): Promise<RelayOutcome> {
  const { source, bus, integration, clock, signal, limits = defaultLimits, pageSize = 500 } = options;
  const batcher = createBatcher(limits);
  let published = await source.readCursor(integration);
  let read = published;
  let changes = 0;
  let messages = 0;

  async function send(batch: Batch | null): Promise<void> {
    if (batch === null) return;
    const attributes = { ...options.attributes, ...describe(integration, batch) };
    await bus.publish(changesTopic, [
      { orderingKey: orderingKeyOf(integration), attributes, data: batch.data },
    ]);
    await source.advance(integration, batch.lastSequence);
    published = batch.lastSequence;
    changes += batch.count;
    messages += 1;
    // The embedded store and bus answer without returning to the event loop: everybody else gets a turn here.
    await clock.sleep(0);
  }

  /** A change that cannot be sent must not hold back those before it. */
  async function addOrFlush(change: Change): Promise<Batch | null> {
    try {
      checkSuccession(integration, read, change);
      return batcher.add(change, clock.now());
    } catch (error) {
      await send(batcher.flush());
      throw error;
    }
  }

  for (;;) {
    if (signal?.aborted) return { changes, messages, cursor: published, isDrained: false };
    const page = await source.readAfter(integration, read, pageSize);
    for (const change of page) {
      await send(await addOrFlush(change));
      read = change.sequence;
      if (signal?.aborted) return { changes, messages, cursor: published, isDrained: false };
    }
    const isLast = page.length < pageSize;
    if (isLast || batcher.isDue(clock.now())) await send(batcher.flush());
    if (isLast) return { changes, messages, cursor: published, isDrained: true };
  }
}

/** Order holds within an integration; a slow one holds up no other. */
function orderingKeyOf({ customerId, integrationId }: IntegrationKey): string {
  return `${customerId}/${integrationId}`;
}

function describe(integration: IntegrationKey, batch: Batch): Record<string, string> {
  return {
    format: changesFormat,
    customerId: integration.customerId,
    integrationId: integration.integrationId,
    firstSequence: String(batch.firstSequence),
    lastSequence: String(batch.lastSequence),
    count: String(batch.count),
  };
}

/** A gap means that a change would be passed over for good, or that the source mixes integrations: better to stop. */
function checkSuccession(integration: IntegrationKey, previous: number, change: Change): void {
  const isOurs =
    change.customerId === integration.customerId && change.integrationId === integration.integrationId;
  if (isOurs && change.sequence === previous + 1) return;
  throw new Failure('internal', 'The change feed is not gapless', {
    data: {
      ...integration,
      expectedSequence: previous + 1,
      foundSequence: change.sequence,
      changeId: change.changeId,
    },
  });
}
