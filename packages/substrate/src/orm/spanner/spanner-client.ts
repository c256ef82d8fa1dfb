import type { Spanner, Database as SpannerDatabase } from '@google-cloud/spanner';
import { translated } from './spanner-failure.ts';
import type { RawValue } from './spanner-value.ts';

export interface SpannerAddress {
  readonly projectId: string;
  readonly instanceId: string;
  readonly databaseId: string;
  /** `host:port` of an emulator. Instance and database are made there when they are missing; elsewhere Terraform makes them. */
  readonly emulatorHost?: string;
}

export interface SpannerConnection {
  readonly database: SpannerDatabase;
  close(): Promise<void>;
}

/**
 * Loads Google's client at the first use: the import costs about 250 ms. It also installs handlers of SIGTERM and SIGINT that do
 * not exit, so from here on the process ends on these signals only if its own handler calls `process.exit` (measured with
 * 9.0.0).
 */
export async function connectSpanner(address: SpannerAddress): Promise<SpannerConnection> {
  if (address.emulatorHost !== undefined) setEmulatorEnvironment(address.emulatorHost);
  const { Spanner } = await import('@google-cloud/spanner');
  await leaveValuesRaw();
  return translated(async () => {
    const spanner = new Spanner({ projectId: address.projectId });
    if (address.emulatorHost !== undefined) await createMissing(spanner, address);
    const database = spanner.instance(address.instanceId).database(address.databaseId);
    // The pool reports failures of its own upkeep here; those that matter come back from the calls.
    database.on('error', () => {});
    return {
      database,
      close: async () => {
        // A read that is still under way counts as a leaked session; it fails by itself.
        await database.close().catch(() => {});
        await spanner.close();
      },
    };
  });
}

/**
 * Makes the client give each value as the protocol has it, together with its type. Its own decoder loses what we must not lose:
 * an instant before 1970 with a fraction comes out a second late, and a day goes through the machine's time zone (9.0.0). Its
 * result stream looks for a replaced `codec.decode` before it uses its own decoders; nothing else in the process uses this
 * client.
 */
async function leaveValuesRaw(): Promise<void> {
  const { codec } = (await import('@google-cloud/spanner/build/src/codec.js')) as unknown as {
    readonly codec: { decode: (value: unknown, type: RawValue['type']) => RawValue };
  };
  codec.decode = (value, type) => ({ type, value });
}

/**
 * The client takes these from the environment alone, when it is loaded. It is the one place outside `config/` that touches the
 * environment, and it only writes: what is to be configured comes in as an option. The emulator knows no multiplexed sessions
 * ("Unable to release unknown resource").
 */
function setEmulatorEnvironment(emulatorHost: string): void {
  process.env['SPANNER_EMULATOR_HOST'] = emulatorHost;
  process.env['GOOGLE_CLOUD_SPANNER_MULTIPLEXED_SESSIONS'] = 'false';
  process.env['GOOGLE_CLOUD_SPANNER_MULTIPLEXED_SESSIONS_FOR_RW'] = 'false';
  process.env['SPANNER_DISABLE_BUILTIN_METRICS'] = 'true';
  process.env['METADATA_SERVER_DETECTION'] = 'none';
}

async function createMissing(spanner: Spanner, { instanceId, databaseId }: SpannerAddress): Promise<void> {
  await unlessThere(async () => {
    const [, operation] = await spanner.createInstance(instanceId, {
      config: 'emulator-config',
      nodes: 1,
      displayName: instanceId,
    });
    await operation.promise();
  });
  await unlessThere(async () => {
    const [database, operation] = await spanner.instance(instanceId).createDatabase(databaseId);
    await operation.promise();
    await database.close();
  });
}

async function unlessThere(create: () => Promise<void>): Promise<void> {
  try {
    await create();
  } catch (thrown) {
    const alreadyExists = 6;
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === alreadyExists)) throw thrown;
  }
}
