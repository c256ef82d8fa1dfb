import { expect, onTestFinished, test } from 'vitest';
import { Failure } from '../../failure/failure.ts';
import { putIntegration } from '../../store/integrations.ts';
import { editRecord } from '../edit-record.ts';
import { paperSchool } from '../paper-school.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { createPipelineFixture, owner } from '../pipeline.fixture.ts';
import { sweepOutboxes } from './sweep-outboxes.ts';

test('an integration whose changes cannot be sent holds back no other, is logged, and is tried again', async () => {
  const fixture = await createPipelineFixture();
  onTestFinished(() => fixture.close());
  const { store, bus } = fixture.platform;
  // In key order behind the one that fails.
  const other = { ...owner, integrationId: `${owner.integrationId}-2` };
  const settings = { disabledEntityTypes: [] };
  await store.transaction(async (transaction) => {
    const facts = { vendor: paperSchool.id, state: 'active', connection: {}, settings };
    putIntegration(transaction, { ...other, ...facts }, true);
  });
  for (const integration of [owner, other]) {
    const value = { status: 'active', name: 'Oak', type: 'school' };
    const edit = { ...integration, entityType: 'org', recordId: 'o9', value, runId: crypto.randomUUID() };
    await editRecord(fixture.worker, edit);
  }
  const stuck: RunWorker = {
    ...fixture.worker,
    bus: {
      ...bus,
      async publish(topic, messages) {
        if (messages.some(({ attributes }) => attributes?.integrationId === owner.integrationId))
          throw new Failure('too_large', 'A message is larger than the bus takes');
        return await bus.publish(topic, messages);
      },
    },
  };
  const { signal } = new AbortController();

  expect(await sweepOutboxes(stuck, paperSchool.id, signal)).toBe(1);

  const logged = fixture.logged.join('\n');
  expect(logged).toContain('could not be sent');
  expect(logged).toContain(owner.integrationId);
  expect(await sweepOutboxes(fixture.worker, paperSchool.id, signal)).toBe(1);
  expect(await sweepOutboxes(fixture.worker, paperSchool.id, signal)).toBe(0);
});
