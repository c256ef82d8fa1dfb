import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { optional, Text } from './lenient.ts';
import { at } from './record-shape.ts';
import { upsertWrite } from './upsert-write.ts';

interface Host {
  readonly space: string;
}

const upserts = {
  table: { title: at('name', Text), weight: at('detail.weight', optional(z.number())) },
  members: ['title', 'weight'] as const,
  created: ({ id }: { readonly id: string }, { space }: Host) => ({ key: `${space}/${id}` }),
  identity: ['title'] as const,
  list: () => ({ path: '/kinds' }),
  one: (id: string) => ({ path: '/kinds', query: { key: id } }),
  idOf: (record: unknown) => z.object({ key: z.string() }).safeParse(record).data?.key,
  own: { id: 'no', etag: 'version', others: ['touched'] },
};
const write = upsertWrite<'category', Host>(upserts);
const host = { space: 's' };
const record = {
  id: 'k1',
  value: { status: 'active' as const, title: 'Essay' },
  idempotencyKey: 'i',
  changed: ['title' as const],
};

describe('writing what a vendor knows by its key', () => {
  test('posts what is new under its key, and may send it twice', () => {
    expect(write.create?.(record, host)).toEqual({
      method: 'POST',
      path: '/kinds',
      json: { key: 's/k1', name: 'Essay' },
      idempotent: true,
    });
  });

  test("replaces the version that was read, under the vendor's own id, and leaves in it what is not mapped", () => {
    const latest = {
      no: 'n 1',
      version: '7',
      touched: 't',
      key: 's/k1',
      detail: { weight: 2, more: 1 },
      further: true,
    };
    expect(write.update?.({ ...record, latest }, host)).toEqual({
      method: 'PUT',
      path: '/kinds/n%201',
      headers: { 'If-Match': '"7"' },
      json: { key: 's/k1', name: 'Essay', detail: { more: 1 }, further: true },
    });
    expect(write.remove?.({ ...record, latest }, host)).toMatchObject({
      method: 'DELETE',
      path: '/kinds/n%201',
    });
  });

  test('overwrites nothing of which it does not know the version', () => {
    expect(() => write.update?.({ ...record, latest: { no: 'n1' } }, host)).toThrow(
      expect.objectContaining({ code: 'push_rejected' }),
    );
  });

  test('knows the id of what was created by its key, and where it would be found', () => {
    const assignment = write.under?.(host).assignment;
    expect(assignment?.idIn({}, record)).toBe('s/k1');
    expect(assignment?.where(record, host)).toEqual({ path: '/kinds', query: { key: 's/k1' } });
  });

  test('needs nothing besides the members where these are the key', () => {
    const { created: _, ...others } = upserts;
    const idOf = (sent: unknown) => z.object({ name: z.string() }).safeParse(sent).data?.name;
    const byName = upsertWrite<'category', Host>({ ...others, idOf });
    expect(byName.create?.(record, host).json).toEqual({ name: 'Essay' });
    expect(byName.under?.(host).assignment?.idIn({}, record)).toBe('Essay');
  });
});
