import type { RequestBody } from '../http/vendor-client.ts';
import type { BodyPart, WriteRequest } from './define-entity.ts';

/** The body of a described write, as it is sent; undefined: it has none. */
export async function toRequestBody({
  form,
  json,
  text,
  parts,
  contentType,
}: WriteRequest): Promise<RequestBody | undefined> {
  if (form !== undefined) return { form };
  if (parts !== undefined) return await toMultipart(parts);
  if (text !== undefined)
    return { bytes: new TextEncoder().encode(text), contentType: contentType ?? 'text/plain' };
  return json === undefined ? undefined : { json, ...(contentType === undefined ? {} : { contentType }) };
}

/** As the platform encodes a form: it chooses a boundary that stands in no part. */
async function toMultipart(parts: readonly BodyPart[]): Promise<RequestBody> {
  const form = new FormData();
  for (const { name, text, fileName, contentType } of parts) {
    if (fileName === undefined) form.append(name, text);
    else form.append(name, new Blob([text], { type: contentType ?? 'text/plain' }), fileName);
  }
  const encoded = new Response(form);
  return {
    bytes: new Uint8Array(await encoded.arrayBuffer()),
    contentType: encoded.headers.get('content-type') ?? 'multipart/form-data',
  };
}
