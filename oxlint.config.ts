import type { OxlintConfig } from 'oxlint';
import { dashboardFences } from './scripts/lint/dashboard-fences.ts';
import { type Fence, fenceToOverride, type Member, type Name, type Pattern } from './scripts/lint/fence.ts';
import {
  adapterSuffixes,
  cloudSuffixes,
  filesOfFloor,
  filesWithSuffix,
  foldersAbove,
  substrate,
} from './scripts/lint/floors.ts';

/**
 * The house rules. Where two overrides name one rule, the later one replaces the earlier one whole; therefore every kind of
 * file has exactly ONE override below that says what it may import and name, built from the shared pieces underneath.
 * `scripts/lint-floors.test.ts` plants a violation of each rule and sees it fire.
 */

/** Tests, the contract suites that they run, their fixtures, and programs that they start to kill them. */
const tests = ['**/*.test.ts', '**/*.contract.ts', '**/*.fixture.ts', '**/*.child.ts'];
const simulators = ['services/*/src/**/simulator*.ts', 'services/*/src/**/simulator*/**/*.ts'];
const adapters = filesWithSuffix(adapterSuffixes);
const cloudAdapters = filesWithSuffix(cloudSuffixes);
/** The only ones in service/ that know a Google client: who asks who is there, and who says so. */
const authenticators = ['authenticate.google.ts', 'peers.google.ts'].map(
  (file) => `${substrate}/service/${file}`,
);
const rpcShells = [`${substrate}/rpc/**/*-shell.ts`, `${substrate}/rpc/**/shell/**/*.ts`];

// ---- imports

const clock = 'take the time from a Clock (clock/clock.ts): only clock/ reads it.';
const environment = 'take settings from config/: only config/ reads process.env.';

const timeModules: Pattern = {
  regex: '^node:(timers|timers/promises|perf_hooks)$',
  message: `Time: ${clock}`,
};
const processModule: Pattern = { regex: '^(node:)?process$', message: `Environment: ${environment}` };
const ownPackage: Pattern = {
  regex: '^@flotilla/',
  message: 'Inside the substrate, import the defining file by its relative path.',
};
const anyNode: Pattern = { regex: '^node:', message: 'Floor 0 is pure: no node:* modules.' };
const effects: Pattern = {
  regex:
    '^node:(fs|fs/promises|net|tls|http|https|http2|dns|dgram|child_process|worker_threads|sqlite|cluster)(/|$)',
  message: 'Effects: this floor reaches the world only through the ports of floor 2.',
};
const effectPackages: Pattern = {
  regex: '^(kysely|undici|@duckdb/|pino|cockatiel)',
  message: 'Effects: this package belongs to floors 1 and 2.',
};
const anyPackageButZod: Pattern = {
  // Without look-ahead, which oxlint's regular expressions lack: everything but `zod`, `zod/...` and `node:...`.
  regex: '^(@[a-z]|[a-mo-y]|n[a-np-z]|no[a-ce-z]|node-|z[a-np-z]|zo[a-ce-z]|zod-)',
  message: 'Floor 0 is pure: no packages but zod.',
};
const anyPackageButZodAndCroner: Pattern = {
  regex:
    '^(@[a-z]|[abd-mo-y]|c[a-qs-z]|cr[a-np-z]|cro[a-mo-z]|cron($|[a-df-z-])|n[a-np-z]|no[a-ce-z]|node-|z[a-np-z]|zo[a-ce-z]|zod-)',
  message: 'Of packages, settings/cron.ts may use zod and croner only.',
};
const rpcPackages: Pattern = {
  regex: '^(express|jayson)($|/)',
  message: 'Only the shells (rpc/*-shell.ts, service/) know express and jayson.',
};
const adapterFiles: Pattern = {
  regex: `[./](${adapterSuffixes.join('|')})(\\.ts$|/)`,
  message: 'An adapter is chosen in service/ or in a test: import the port.',
};
const testingFolder: Pattern = {
  regex: '(^|/)testing/',
  message: 'testing/ is for tests, simulators and the command line.',
};
const cloudPackages: Pattern = {
  regex: '^(@google-cloud/|google-gax|google-auth-library)',
  message: 'Only its adapter (*.spanner.ts, *.google.ts, ...) knows a Google client, and imports it lazily.',
};
const otherServices: Pattern = {
  regex: '^@flotilla/service-|^(\\.\\./)+(services|packages)/|^(\\.\\./)+[a-z0-9-]+/src/',
  message: 'A service never imports another service, and reaches the substrate by its public subpaths.',
};
const notTheSubstrate: Pattern = {
  regex: '^@flotilla/([a-rt-z]|s[a-tv-z]|substrate($|/src))',
  message: 'Of @flotilla, a service imports @flotilla/substrate/<subpath> only.',
};
const notTheSubstrateNorStandIns: Pattern = {
  regex: '^@flotilla/([a-rt-z]|s[a-sv-z]|st[b-z]|substrate($|/src))',
  message:
    "Of @flotilla, a service's test imports @flotilla/substrate/<subpath> and @flotilla/stand-ins/<name> only.",
};
const testingSubpath: Pattern = {
  regex: '^@flotilla/substrate/testing',
  message: '@flotilla/substrate/testing is for tests and simulators.',
};

function foldersAboveFloor(level: number): Pattern {
  return {
    regex: `^(\\./)?(\\.\\./)+(${foldersAbove(level).join('|')})/`,
    message: `Floor ${level} imports from its own floor and below, never from above.`,
  };
}

// ---- globals and members

const timers = named(
  ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'performance'],
  `Time: ${clock}`,
);
const network = named(
  ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'],
  'Network: vendors are reached through http/.',
);
const processGlobal = named(['process'], `Environment: ${environment}`);
const scheduling = named(
  ['setImmediate', 'queueMicrotask', 'crypto'],
  'Floor 0 is pure: it neither schedules nor draws at random.',
);

const timeMembers: Member[] = [
  { object: 'Date', property: 'now', message: `Time: ${clock}` },
  { object: 'AbortSignal', property: 'timeout', message: `Time: ${clock}` },
];
const randomMembers: Member[] = [
  {
    object: 'Math',
    property: 'random',
    message: 'Chance: take it as an argument, so that a test can decide it.',
  },
];
const environmentMembers: Member[] = [
  { object: 'process', property: 'env', message: `Environment: ${environment}` },
  { object: 'process', property: 'loadEnvFile', message: `Environment: ${environment}` },
];

function named(names: readonly string[], message: string): Name[] {
  return names.map((name) => ({ name, message }));
}

// ---- who may what

const everywhere = [cloudPackages, processModule, timeModules, ownPackage];
const noEffects = [effects, effectPackages, adapterFiles, ...everywhere];

const fences: Fence[] = [
  {
    files: filesOfFloor(0),
    except: [...tests, `${substrate}/json/digest.ts`, `${substrate}/settings/cron.ts`],
    imports: [anyNode, anyPackageButZod, foldersAboveFloor(0)],
    globals: [...timers, ...network, ...processGlobal, ...scheduling],
    members: [...timeMembers, ...randomMembers],
  },
  {
    // docs/decisions/0003: node's SHA-256 is a pure function, and ten times as fast as one written here.
    files: [`${substrate}/json/digest.ts`],
    imports: [
      { regex: '^node:([abd-z]|c[a-qs-z])', message: 'Of node:*, digest.ts may use node:crypto only.' },
      anyPackageButZod,
      foldersAboveFloor(0),
    ],
    globals: [...timers, ...network, ...processGlobal, ...scheduling],
    members: [...timeMembers, ...randomMembers],
  },
  {
    // docs/decisions/0011: given the moment to count from, croner is a pure function of the line and the zone.
    files: [`${substrate}/settings/cron.ts`],
    imports: [anyNode, anyPackageButZodAndCroner, foldersAboveFloor(0)],
    globals: [...timers, ...network, ...processGlobal, ...scheduling],
    members: [...timeMembers, ...randomMembers],
  },
  {
    files: [`${substrate}/observability/**/*.ts`],
    except: tests,
    imports: [...everywhere, foldersAboveFloor(1), adapterFiles, rpcPackages],
    globals: [...timers, ...network],
    members: [...timeMembers, ...environmentMembers],
  },
  {
    files: [`${substrate}/config/**/*.ts`],
    except: tests,
    imports: [cloudPackages, timeModules, ownPackage, foldersAboveFloor(1), adapterFiles, rpcPackages],
    globals: [...timers, ...network],
    members: timeMembers,
  },
  {
    files: [`${substrate}/clock/**/*.ts`],
    except: tests,
    imports: [cloudPackages, processModule, ownPackage, foldersAboveFloor(1), rpcPackages],
    globals: network,
    members: environmentMembers,
  },
  {
    files: filesOfFloor(2),
    except: [...tests, ...adapters, `${substrate}/http/**/*.ts`],
    imports: [...everywhere, foldersAboveFloor(2), adapterFiles, rpcPackages],
    globals: [...timers, ...network],
    members: [...timeMembers, ...environmentMembers],
  },
  {
    files: [`${substrate}/http/**/*.ts`],
    except: [...tests, ...adapters],
    imports: [...everywhere, foldersAboveFloor(2), adapterFiles, rpcPackages],
    globals: timers,
    members: [...timeMembers, ...environmentMembers],
  },
  {
    files: adapters.filter((glob) => !cloudAdapters.includes(glob)),
    except: [...tests, `${substrate}/clock/**`, `${substrate}/{service,testing}/**`],
    imports: [...everywhere, foldersAboveFloor(2), rpcPackages],
    globals: timers,
    members: [...timeMembers, ...environmentMembers],
  },
  {
    // Google's clients take some of their settings from the environment only.
    files: cloudAdapters,
    except: [...tests, `${substrate}/{service,testing}/**`],
    imports: [timeModules, ownPackage, foldersAboveFloor(2), rpcPackages],
    globals: timers,
    members: timeMembers,
  },
  {
    files: filesOfFloor(3),
    except: [...tests, ...rpcShells],
    imports: [...noEffects, foldersAboveFloor(3), rpcPackages],
    globals: [...timers, ...network, ...processGlobal],
    members: [...timeMembers, ...randomMembers],
  },
  {
    files: rpcShells,
    except: tests,
    imports: [effectPackages, adapterFiles, ...everywhere, foldersAboveFloor(3)],
    globals: [...timers, ...network],
    members: [...timeMembers, ...environmentMembers],
  },
  {
    files: [`${substrate}/service/**/*.ts`],
    except: [...tests, ...authenticators],
    imports: [...everywhere, testingFolder],
    globals: timers,
    members: [...timeMembers, ...environmentMembers],
  },
  {
    files: authenticators,
    imports: [...without(everywhere, cloudPackages), testingFolder],
    globals: timers,
    members: [...timeMembers, ...environmentMembers],
  },
  {
    files: [`${substrate}/testing/**/*.ts`],
    except: tests,
    imports: [timeModules, ownPackage],
    globals: timers,
    members: timeMembers,
  },
  {
    files: ['services/*/src/**/*.ts'],
    except: [...tests, ...simulators, 'services/*/src/main.ts'],
    imports: [
      otherServices,
      notTheSubstrate,
      testingSubpath,
      rpcPackages,
      effectPackages,
      ...without(everywhere, ownPackage),
    ],
    globals: [...timers, ...network, ...processGlobal],
    members: [...timeMembers, ...randomMembers],
  },
  {
    // The process: it may end itself and read its arguments, and nothing more than the rest.
    files: ['services/*/src/main.ts'],
    imports: [
      otherServices,
      notTheSubstrate,
      testingSubpath,
      rpcPackages,
      effectPackages,
      ...without(everywhere, ownPackage),
    ],
    globals: [...timers, ...network],
    members: [...timeMembers, ...environmentMembers],
  },
  {
    files: simulators,
    except: tests,
    imports: [otherServices, notTheSubstrate, ...without(everywhere, ownPackage)],
    globals: [...timers, ...network],
    members: [...timeMembers, ...environmentMembers],
  },
  {
    files: ['packages/cli/src/**/*.ts'],
    except: tests,
    imports: [
      cloudPackages,
      { regex: '^(\\.\\./)+(services|packages|substrate)/', message: 'Import packages by name.' },
    ],
    globals: timers.filter(({ name }) => name !== 'performance'),
    members: timeMembers,
  },
  {
    files: ['services/*/src/**/*.test.ts'],
    imports: [otherServices, notTheSubstrateNorStandIns],
  },
  ...dashboardFences(anyNode),
];

function without(patterns: readonly Pattern[], left: Pattern): Pattern[] {
  return patterns.filter((pattern) => pattern !== left);
}

export default {
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest', 'react', 'jsx-a11y'],
  categories: { correctness: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: [
    '**/node_modules/**',
    '**/.flotilla/**',
    '**/.cache/**',
    '**/coverage/**',
    '**/fixtures/**',
    '**/generated/**',
    '**/dist/**',
  ],
  rules: {
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'import/no-mutable-exports': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/no-explicit-any': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    'typescript/consistent-type-definitions': ['error', 'interface'],
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'max-lines': ['error', { max: 400 }],
    'no-console': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    // `<output>` is no place for a list of messages, and the browser's own elements are used wherever they fit.
    'jsx-a11y/prefer-tag-over-role': 'off',
    // Our interfaces are records of closures: there is no `this` to lose.
    'typescript/unbound-method': 'off',
    // Whoever writes a control character into a pattern means it: codecs and log lines look for them.
    'no-control-regex': 'off',
    'vitest/expect-expect': [
      'error',
      { assertFunctionNames: ['expect', 'expectTypeOf', 'expect.fail', 'fc.assert', 'assert*', 'expect*'] },
    ],
    'vitest/require-to-throw-message': 'off',
    // A promise of an assertion may be kept and awaited later; no-floating-promises finds the forgotten ones.
    'vitest/valid-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    // A house rule asks for the printed reason (scripts/lint/house-rules.ts).
    'vitest/no-disabled-tests': 'off',
    'vitest/no-conditional-tests': 'off',
    'vitest/valid-describe-callback': 'off',
    'vitest/valid-title': 'off',
  },
  overrides: [
    // Not in a TypeScript program, so without types.
    { files: ['scripts/run.mjs'], rules: { 'typescript/require-array-sort-compare': 'off' } },
    { files: ['**/*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    {
      files: tests,
      rules: {
        'max-lines': ['error', { max: 800 }],
        // What a test hands in on purpose.
        'no-loss-of-precision': 'off',
        'no-sparse-arrays': 'off',
      },
    },
    // Where there is no emulator, what stands in for the suite asserts nothing.
    { files: ['**/*.spanner.test.ts'], rules: { 'vitest/expect-expect': 'off' } },
    {
      files: ['scripts/**', 'packages/cli/src/**', 'services/control/dashboard/build.ts', ...tests],
      rules: { 'no-console': 'off' },
    },
    ...fences.map(fenceToOverride),
  ],
} as OxlintConfig;
