import { describe, expect, test } from 'vitest';
import { toRequestBody } from './request-body.ts';

const post = { method: 'POST', path: '/uploads' } as const;
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('the body of a described write', () => {
  test('is none where nothing is described', async () => {
    expect(await toRequestBody({ method: 'DELETE', path: '/users/1' })).toBeUndefined();
  });

  test('is a form or JSON, of the type that is asked for', async () => {
    expect(await toRequestBody({ ...post, form: { a: '1' } })).toEqual({ form: { a: '1' } });
    expect(await toRequestBody({ ...post, json: [1] })).toEqual({ json: [1] });
    expect(await toRequestBody({ ...post, json: null, contentType: 'application/x+json' })).toEqual({
      json: null,
      contentType: 'application/x+json',
    });
  });

  test('is a text as it stands, in UTF-8', async () => {
    const body = await toRequestBody({ ...post, text: 'id,name\n1,Zoë\n', contentType: 'text/csv' });
    const bytes = new TextEncoder().encode('id,name\n1,Zoë\n');
    expect(body).toEqual({ bytes, contentType: 'text/csv' });
    expect(await toRequestBody({ ...post, text: '' })).toMatchObject({ contentType: 'text/plain' });
  });

  test('is made of parts, files among them, that come out as they went in', async () => {
    const parts = [
      { name: 'import_type', text: 'csv' },
      { name: 'attachment', text: 'id,name\n1,Zoë\n', fileName: 'users.csv', contentType: 'text/csv' },
    ];
    const body = await toRequestBody({ ...post, parts });
    if (body === undefined || !('bytes' in body)) throw new Error('not bytes');
    const read = await new Response(Buffer.from(body.bytes), {
      headers: { 'content-type': body.contentType },
    }).formData();
    const file = read.get('attachment') as File;
    expect(read.get('import_type')).toBe('csv');
    expect([file.name, file.type]).toEqual(['users.csv', 'text/csv']);
    expect(decode(new Uint8Array(await file.arrayBuffer()))).toBe('id,name\n1,Zoë\n');
  });
});
