import { describe, expect, test } from 'vitest';
import { decodeChanges, type ReceivedMessage } from './decode-changes.ts';
import { sampleChange } from './sample-changes.fixture.ts';

function messageOf(data: unknown, parts: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return {
    data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)),
    attributes: { format: 'flotilla.changes.v1', customerId: 'customer-1', integrationId: 'integration-1' },
    messageId: '7',
    ...parts,
  };
}

const sound = sampleChange(1);

describe('decodeChanges', () => {
  test('a sound message yields its changes as they were committed', () => {
    const changes = [
      sound,
      sampleChange(2, {
        action: 'update',
        before: { a: 1 },
        after: { a: [null, { ü: '😀\u0000' }], __proto__: { b: 1 } },
      }),
      sampleChange(3, { action: 'delete', before: {}, after: null }),
    ];

    expect(decodeChanges(messageOf({ changes }))).toEqual(changes);
  });

  const cut = Buffer.from('{"changes":[]}ü').subarray(0, 15);
  const cases: readonly [string, ReceivedMessage, string][] = [
    ['empty data', messageOf(''), 'data'],
    ['data that is not JSON', messageOf('{'), 'data'],
    ['data cut inside a character', messageOf('', { data: cut }), 'data'],
    [
      'another format',
      messageOf({ changes: [sound] }, { attributes: { format: 'flotilla.changes.v2' } }),
      'attributes.format',
    ],
    ['no changes', messageOf({ changes: [] }), 'data.changes'],
    ['an unknown member', messageOf({ changes: [{ ...sound, extra: 1 }] }), 'data.changes.0'],
    ['an unknown action', messageOf({ changes: [{ ...sound, action: 'upsert' }] }), 'data.changes.0.action'],
    ['a sequence of 0', messageOf({ changes: [{ ...sound, sequence: 0 }] }), 'data.changes.0.sequence'],
    ['a record that is a list', messageOf({ changes: [{ ...sound, after: [] }] }), 'data.changes.0.after'],
    [
      'a time that is none',
      messageOf({ changes: [{ ...sound, changedAt: 'yesterday' }] }),
      'data.changes.0.changedAt',
    ],
    ['a create with a before', messageOf({ changes: [{ ...sound, before: {} }] }), 'data.changes.0'],
    [
      'an update without a before',
      messageOf({ changes: [{ ...sound, action: 'update' }] }),
      'data.changes.0',
    ],
    [
      'a delete with an after',
      messageOf({ changes: [{ ...sound, action: 'delete', before: {} }] }),
      'data.changes.0',
    ],
    [
      'another customer’s change in second place',
      messageOf({ changes: [sound, { ...sound, customerId: 'customer-2' }] }),
      'data.changes.1',
    ],
  ];

  test.each(cases)('%s is refused, and the place is named', (_name, message, where) => {
    expect(() => decodeChanges(message)).toThrow(
      expect.objectContaining({ code: 'invalid_params', data: expect.objectContaining({ where }) }),
    );
  });

  test('a refusal does not repeat what the record says', () => {
    const secret = { ...sound, action: 'secret-value', recordId: 7 };

    try {
      decodeChanges(messageOf({ changes: [secret] }));
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('secret-value');
    }
  });
});
