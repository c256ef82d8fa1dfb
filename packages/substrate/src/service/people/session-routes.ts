import type { Express, NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import { Failure, toFailure } from '../../failure/failure.ts';
import {
  exchangeOf,
  readBody,
  readJsonBody,
  refuseMethod,
  requireJson,
  sendFailure,
  statusOfRefusal,
} from '../http-exchange.ts';
import type { SignInLinks } from './people.ts';
import { requireSameOrigin } from './same-origin.ts';

const mostBytes = 4_096;

const SignIn = z.strictObject({ code: z.string().min(1).max(200) });

/**
 * `POST /session` with `{"code": "…"}` signs in: 204 and the cookie, or 401. `DELETE /session` signs out: 204. Both only for pages of ours: another
 * one could sign a person in as somebody else, who then reads what the person enters.
 */
export function addSessionRoutes(app: Express, links: SignInLinks, origin: string): void {
  const { name, secure } = links.cookie;
  const kind = { httpOnly: true, sameSite: 'strict', path: '/', secure } as const;

  app.post('/session', refuseOthers, requireJson, readBody(mostBytes), async (request, response) => {
    const parsed = SignIn.safeParse(readJsonBodyOrUndefined(request));
    if (!parsed.success) {
      const expected = '{"code": "<what stands behind # in the link>"}';
      const failure = new Failure('invalid_params', 'Not the code of a link', { data: { expected } });
      return sendFailure(response, 400, failure);
    }
    try {
      const { value, maxAgeMs } = await links.redeem(parsed.data.code);
      response
        .cookie(name, value, { ...kind, maxAge: maxAgeMs })
        .status(204)
        .end();
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === 'internal') throw thrown;
      exchangeOf(response).log.warn('Somebody tried to sign in with a link that is not valid');
      sendFailure(response, statusOfRefusal(failure), failure);
    }
  });

  app.delete('/session', refuseOthers, async (request, response) => {
    await links.end(request.headers);
    response.clearCookie(name, kind).status(204).end();
  });

  app.all('/session', (_request, response) => refuseMethod(response, 'POST, DELETE'));

  function refuseOthers(request: Request, response: Response, next: NextFunction): void {
    try {
      requireSameOrigin(request.headers, origin);
    } catch (thrown) {
      return sendFailure(response, 403, toFailure(thrown));
    }
    next();
  }
}

function readJsonBodyOrUndefined(request: Request): unknown {
  try {
    return readJsonBody(request);
  } catch {
    return undefined;
  }
}
