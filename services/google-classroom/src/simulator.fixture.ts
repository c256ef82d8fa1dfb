import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import { onTestFinished } from 'vitest';
import { scopeUrl } from './simulator/scopes.ts';
import { textOf } from './simulator/text-of.ts';
import {
  type ClassroomSimulator,
  type ClassroomSimulatorOptions,
  createClassroomSimulator,
} from './simulator.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: JsonObject;
}

/** The simulator with somebody who asks it as any client would. */
export interface Asked {
  readonly simulator: ClassroomSimulator;
  /** With a token of all scopes that are granted, or of these. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  get(path: string): Promise<Answer>;
  token(scopes?: readonly string[]): Promise<string>;
}

/** A district with a few courses, some of which have work. */
export async function openAsked(options: ClassroomSimulatorOptions = {}): Promise<Asked> {
  const simulator = createClassroomSimulator({
    district: { students: 3, assignments: 8, seed: 7 },
    ...options,
  });
  onTestFinished(() => simulator.close());
  await simulator.listen();

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${simulator.origin}${path}`, init);
    const json: unknown = await response.json();
    return { status: response.status, headers: response.headers, json: isJsonObject(json) ? json : {} };
  }

  /** By the refresh token, which needs no signature. */
  async function token(scopes?: readonly string[]): Promise<string> {
    const { client_id, client_secret, refresh_token } = simulator.person as Record<string, string>;
    const form = {
      grant_type: 'refresh_token',
      client_id: client_id ?? '',
      client_secret: client_secret ?? '',
      refresh_token: refresh_token ?? '',
      ...(scopes === undefined ? {} : { scope: scopes.map(scopeUrl).join(' ') }),
    };
    const { json } = await send('/token', { method: 'POST', body: new URLSearchParams(form) });
    return textOf(json.access_token);
  }

  let known: string | undefined;
  const call: Asked['call'] = async (method, path, body, headers = {}) => {
    known ??= await token();
    const given = headers.authorization ?? `Bearer ${known}`;
    return await send(path, {
      method,
      headers: {
        ...headers,
        authorization: given,
        ...(body === undefined || headers['content-type'] !== undefined
          ? {}
          : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  };
  return { simulator, call, token, get: (path) => call('GET', path) };
}

/** The records of an answer. */
export function listIn({ json }: Answer, member: string): readonly JsonObject[] {
  const list = json[member];
  return Array.isArray(list) ? list.filter((one) => isJsonObject(one)) : [];
}

/** A course with work of our own project and of a teacher's, and one piece of either. */
export async function findWork(asked: Asked) {
  const found: JsonObject[] = [];
  for (const { id } of listIn(await asked.get('/v1/courses'), 'courses')) {
    const [work] = listIn(await asked.get(`/v1/courses/${textOf(id)}/courseWork`), 'courseWork');
    if (work !== undefined) found.push(work);
  }
  const own = found.find((work) => work.associatedWithDeveloper === true);
  const theirs = found.find((work) => work.associatedWithDeveloper !== true);
  if (own === undefined || theirs === undefined) throw new RangeError('The district has too little work');
  return { own, theirs };
}
