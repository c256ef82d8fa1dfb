import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { callbackify } from 'node:util';
import {
  type handleUnaryCall,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** A refusal, as Google's services make it. */
export class Refusal extends Error {
  readonly code: status;

  constructor(code: keyof typeof status, message: string) {
    super(message);
    this.code = status[code];
  }
}

/** Answers one call: bytes are Buffers, 64-bit integers texts, enumerations their names, absent messages null. Throws a `Refusal`. */
export type UnaryHandler = (request: never) => object | Promise<object>;

export interface GrpcService {
  /** The client library whose protos describe the service. */
  readonly client: string;
  /** Below the library's folder of protos. */
  readonly proto: string;
  /** `google.cloud.kms.v1.KeyManagementService` */
  readonly service: string;
  /** By the method's name in the protos. All others answer UNIMPLEMENTED. */
  readonly methods: Readonly<Record<string, UnaryHandler>>;
}

export interface GrpcServerOptions {
  /** Default: a free one. */
  readonly port?: number;
}

export interface GrpcServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on this machine alone, without TLS. */
export async function serveGrpc(
  { client, proto, service, methods }: GrpcService,
  { port: wanted = 0 }: GrpcServerOptions = {},
): Promise<GrpcServer> {
  const server = new Server();
  const handlers = Object.entries(methods).map(([name, handle]) => [name, toGrpcHandler(handle)] as const);
  server.addService(loadService(client, proto, service), Object.fromEntries(handlers));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${wanted}`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return {
    port,
    close: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
  };
}

function loadService(client: string, proto: string, service: string): ServiceDefinition {
  const includeDirs = [protosOf(client), protosOf('google-gax')];
  const definition = loadSync(proto, {
    includeDirs,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const found = service
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], loadPackageDefinition(definition));
  return (found as ServiceClientConstructor).service;
}

/** Each of Google's libraries has its protos beside its code: that is `build/src`, or `build/cjs/src` in newer ones. */
function protosOf(client: string): string {
  const code = dirname(createRequire(import.meta.url).resolve(client));
  const found = ['..', join('..', '..')].map((up) => join(code, up, 'protos')).find(existsSync);
  if (found === undefined) throw new Error(`${client} has no protos beside ${code}`);
  return found;
}

function toGrpcHandler(handle: UnaryHandler): handleUnaryCall<unknown, object> {
  const answered = callbackify(async (request: unknown): Promise<object> => handle(request as never));
  return (call, done) => answered(call.request, (error, answer) => done(toRefusal(error), answer));
}

function toRefusal(error: Error | null): Refusal | null {
  if (error === null || error instanceof Refusal) return error;
  return new Refusal('INTERNAL', String(error));
}
