import { Failure } from '@flotilla/substrate/failure';
import { type Call, defineMethod } from '@flotilla/substrate/rpc';
import { z } from 'zod';
import type { Control } from '../control.ts';

const PersonName = z
  .string()
  .trim()
  .max(100)
  .regex(/^\P{C}+$/u, 'some text, without control characters')
  .describe('Stands in the audit log beside what the person does');

export const createSignInLink = defineMethod({
  name: 'signIn.createLink',
  version: 1,
  summary: 'Makes a link that signs one person in to the dashboard, once, within five minutes',
  description:
    'Only of a fleet on one machine, and only for whoever has its token: in the cloud people sign in through Identity-Aware Proxy.',
  params: z.strictObject({ name: PersonName, role: z.enum(['admin', 'viewer']) }),
  result: z.strictObject({
    url: z.string().describe('What is behind # never reaches a server but by the page that it opens'),
    expiresAt: z.iso.datetime(),
  }),
  roles: ['admin'],
  errors: ['config_invalid'],
  async run({ caller, context, log }: Call<Control>, person) {
    // A session could go on for ever by links of its own.
    if (caller.signedInBy !== undefined)
      throw new Failure('forbidden', 'Who is signed in by a browser cannot make links', {
        data: { signedInBy: caller.signedInBy },
      });
    if (context.signInLinks === undefined)
      throw new Failure('config_invalid', 'People do not sign in with links here', {
        data: { expected: 'sign-in through Identity-Aware Proxy' },
      });
    log.info('A link to sign in was made', { forName: person.name, role: person.role });
    return context.signInLinks.create(person);
  },
});
