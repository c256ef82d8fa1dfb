import { describe, expect, test } from 'vitest';
import type { PushEnvelope } from './change-bus.ts';
import { decodePush } from './decode-push.ts';
import { sampleChange } from './sample-changes.ts';

function envelopeOf(data: unknown, message: Partial<PushEnvelope['message']> = {}): object {
  const text = typeof data === 'string' ? data : Buffer.from(JSON.stringify(data)).toString('base64');
  return {
    message: {
      data: text,
      attributes: { format: 'flotilla.changes.v1' },
      messageId: '7',
      message_id: '7',
      orderingKey: 'customer-1/integration-1',
      ...message,
    },
    subscription: 'projects/p/subscriptions/warehouse',
    deliveryAttempt: 2,
  };
}

const sound = sampleChange(1);

describe('decodePush', () => {
  test('a sound push yields its changes as they were committed', () => {
    const changes = [
      sound,
      sampleChange(2, {
        action: 'update',
        before: { a: 1 },
        after: { a: [null, { ü: '😀\u0000' }], __proto__: { b: 1 } },
      }),
      sampleChange(3, { action: 'delete', before: {}, after: null }),
    ];

    const decoded = decodePush(envelopeOf({ changes }));

    expect(decoded).toEqual({
      messageId: '7',
      deliveryAttempt: 2,
      attributes: { format: 'flotilla.changes.v1' },
      changes,
    });
  });

  test('members that Pub/Sub adds to its envelope do no harm, and a push without a dead-letter policy is attempt 1', () => {
    const { message } = envelopeOf({ changes: [sound] }) as { message: object };

    expect(decodePush({ message: { ...message, novelty: 1 }, novelty: {} }).deliveryAttempt).toBe(1);
  });

  const cut = Buffer.from('{"changes":[]}ü').subarray(0, 15).toString('base64');
  const cases: readonly [string, unknown, string][] = [
    ['nothing', null, 'envelope'],
    ['no message', {}, 'envelope.message'],
    ['data that is no string', envelopeOf('', { data: 7 } as never), 'envelope.message.data'],
    ['empty data', envelopeOf(''), 'message.data'],
    ['data that is not base64', envelopeOf('%%%%'), 'message.data'],
    ['data that is not JSON', envelopeOf(Buffer.from('{').toString('base64')), 'message.data'],
    ['data cut inside a character', envelopeOf(cut), 'message.data'],
    [
      'another format',
      envelopeOf({ changes: [sound] }, { attributes: { format: 'flotilla.changes.v2' } }),
      'attributes.format',
    ],
    ['no changes', envelopeOf({ changes: [] }), 'data.changes'],
    ['an unknown member', envelopeOf({ changes: [{ ...sound, extra: 1 }] }), 'data.changes.0'],
    ['an unknown action', envelopeOf({ changes: [{ ...sound, action: 'upsert' }] }), 'data.changes.0.action'],
    ['a sequence of 0', envelopeOf({ changes: [{ ...sound, sequence: 0 }] }), 'data.changes.0.sequence'],
    ['a record that is a list', envelopeOf({ changes: [{ ...sound, after: [] }] }), 'data.changes.0.after'],
    [
      'a time that is none',
      envelopeOf({ changes: [{ ...sound, changedAt: 'yesterday' }] }),
      'data.changes.0.changedAt',
    ],
    ['a create with a before', envelopeOf({ changes: [{ ...sound, before: {} }] }), 'data.changes.0'],
    [
      'an update without a before',
      envelopeOf({ changes: [{ ...sound, action: 'update' }] }),
      'data.changes.0',
    ],
    [
      'a delete with an after',
      envelopeOf({ changes: [{ ...sound, action: 'delete', before: {} }] }),
      'data.changes.0',
    ],
    [
      'another customer’s change in second place',
      envelopeOf({ changes: [sound, { ...sound, customerId: 'customer-2' }] }),
      'data.changes.1',
    ],
  ];

  test.each(cases)('%s is refused, and the place is named', (_name, envelope, where) => {
    expect(() => decodePush(envelope)).toThrow(
      expect.objectContaining({ code: 'invalid_params', data: expect.objectContaining({ where }) }),
    );
  });

  test('a refusal does not repeat what the record says', () => {
    const secret = { ...sound, action: 'secret-value', recordId: 7 };

    try {
      decodePush(envelopeOf({ changes: [secret] }));
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('secret-value');
    }
  });
});
