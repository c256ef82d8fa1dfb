import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { z } from 'zod';
import type { Control } from '../control.ts';

const SessionRole = z.enum(['admin', 'orchestrator', 'scheduler', 'viewer']);

export const getSession = defineMethod({
  name: 'session.get',
  version: 1,
  summary: 'Who calls, as what, and which fleet this is',
  params: z.strictObject({}),
  result: z.strictObject({
    name: z.string(),
    role: SessionRole,
    signedInBy: z
      .enum(['link', 'iap', 'token'])
      .describe('A one-time link; Identity-Aware Proxy; not a person in a browser at all, but a token'),
    fleet: z.strictObject({
      stack: z.enum(['local', 'google']),
      version: z.string(),
      mail: z.boolean().describe('Whether e-mail can be sent'),
    }),
  }),
  roles: ['admin', 'orchestrator', 'scheduler', 'viewer'],
  async run({ caller, context: { fleet, mailer } }: Call<Control>) {
    const { name, role, signedInBy = 'token' as const } = caller;
    const { stack, version } = fleet;
    return {
      name,
      role: SessionRole.parse(role),
      signedInBy,
      fleet: { stack, version, mail: mailer !== undefined },
    };
  },
});
