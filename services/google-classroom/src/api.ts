import { type AuthStyle, defineApi } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { failureIn } from './failures.ts';
import { classroomPaging } from './paging.ts';
import { Connection, courseList } from './paths.ts';

const Secret = z.string().min(1);

/** Both as Google's own files have them, which may be pasted whole: what is not named here is dropped. */
const Credential = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('service_account').describe('The JSON key of a service account, with `subject` added'),
    client_email: Secret,
    private_key: Secret,
    private_key_id: Secret.optional(),
    subject: z
      .string()
      .min(1)
      .describe('The administrator for whom the service account acts (domain-wide delegation)'),
  }),
  z.object({
    type: z.literal('authorized_user').describe("What an administrator's consent has brought"),
    client_id: Secret,
    client_secret: Secret,
    refresh_token: Secret,
  }),
]);
type Credential = z.output<typeof Credential>;

export const api = defineApi({
  credential: Credential,
  connection: Connection,
  authorize,
  otherOrigins: ({ directoryUrl }) => [new URL(directoryUrl).origin],
  paging: classroomPaging,
  // Classroom: 1,200 a minute for a user, and all of ours speak for one; 3,000 for a project. Directory: 2,400 for a user.
  limits: { requests: 16, perSeconds: 1, concurrent: 8 },
  failures: failureIn,
  check: (connection) => ({ ...courseList(connection), query: { pageSize: '1' } }),
});

function authorize(credential: Credential, connection: Connection): AuthStyle {
  const { tokenUrl } = connection;
  if (credential.type === 'authorized_user') {
    const { client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken } = credential;
    return { kind: 'refreshToken', tokenUrl, clientId, clientSecret, refreshToken };
  }
  const { client_email: issuer, private_key: privateKey, private_key_id: keyId, subject } = credential;
  return {
    kind: 'jwtBearer',
    tokenUrl,
    issuer,
    subject,
    privateKey,
    ...(keyId === undefined ? {} : { keyId }),
    scopes: connection.scopes ?? neededScopes(connection),
  };
}

/** No more than a sync asks for: the domain's administrator has to grant each of them to the service account. */
function neededScopes({ gradebook, guardians }: Connection): readonly string[] {
  const names = [
    'admin.directory.orgunit.readonly',
    'admin.directory.user.readonly',
    'classroom.courses.readonly',
    'classroom.rosters.readonly',
    gradebook === 'read' ? 'classroom.coursework.students.readonly' : 'classroom.coursework.students',
    ...(guardians ? ['classroom.guardianlinks.students.readonly'] : []),
  ];
  return names.map((name) => `https://www.googleapis.com/auth/${name}`);
}
