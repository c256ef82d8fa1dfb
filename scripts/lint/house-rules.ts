/** Pure. Rules over the text of one file that no lint rule of oxlint 1.94 can say. */
export interface HouseRule {
  readonly says: string;
  /** Which files it looks at. */
  readonly applies: (path: string) => boolean;
  /** What it must not find; the name of a file is matched with its path alone. */
  readonly forbidden: RegExp;
  readonly lookAt: 'text' | 'path';
}

export const houseRules: readonly HouseRule[] = [
  {
    says: 'A module names what it exports: no export-star',
    applies: isSource,
    forbidden: /^\s*export \*/m,
    lookAt: 'text',
  },
  {
    says: 'Work that is left open stands in an issue, not in the code',
    applies: (path) => isSource(path) || path.endsWith('.md'),
    forbidden: /\b(TODO|FIXME|XXX)\b|not implemented/,
    lookAt: 'text',
  },
  {
    says: 'No test is switched off or singled out: but where it prints SKIPPED and why',
    applies: isSource,
    forbidden: /(?<!SKIPPED[^]{0,400})\b(test|it|describe|suite|bench)(\.\w+)*\.(skip|only|todo|fails)\b/,
    lookAt: 'text',
  },
  {
    says: 'A file is named after what it exports',
    applies: isSource,
    forbidden:
      /(^|\/)(utils?|helpers?|common|misc|lib|managers?|base|types?|shared|index|constants)(\.[a-z.-]+$|\/)/,
    lookAt: 'path',
  },
  {
    // oxlint's func-style would refuse the one-line arrows inside functions too. One that is given a type may stay an arrow.
    says: 'A function of a module is a declaration',
    applies: isProduct,
    forbidden: /^(export )?const \w+ = (async )?(\([^()]*\)|\w+)(: [^=]+)? =>/m,
    lookAt: 'text',
  },
  {
    says: 'Messages at warn and above are static strings, so that they group; what varies goes into the data',
    applies: isProduct,
    forbidden:
      /\.(warn|error|fatal)\((?!\s*[^,'"`]+\?\s*'[^']*'\s*:\s*'[^']*'\s*[,)])\s*(`[^`]*\$\{|[^'"`\s)]|'[^'\n]*'\s*\+|"[^"\n]*"\s*\+)/,
    lookAt: 'text',
  },
  {
    says: 'The message of a Failure is a static string; what varies goes into its data',
    applies: isProduct,
    forbidden: /new Failure\(\s*[^,()]+,\s*(`[^`]*\$\{|'[^'\n]*'\s*\+|"[^"\n]*"\s*\+)/,
    lookAt: 'text',
  },
  {
    says: 'Only clock/ reads time: a Date is made of something',
    applies: (path) => isProduct(path) && !path.startsWith('packages/substrate/src/clock/'),
    forbidden: /\bnew Date\(\s*\)|\bnew Date\b(?!\()|(?<!new )\bDate\(\)/,
    lookAt: 'text',
  },
  {
    says: "Google's clients cost 100-300 ms of start each: import them by `await import()` at first use, or their types",
    applies: isProduct,
    forbidden: /^import (?!type\b)[^;]*from '(@google-cloud\/|google-gax|google-auth-library)/m,
    lookAt: 'text',
  },
  {
    // Standards and Google's cloud are none; a vendor is.
    says: 'The substrate has no vendor in it, not even in a comment: what one needs is said for all',
    applies: (path) => isProduct(path) && path.startsWith('packages/substrate/'),
    forbidden: /\b(clever|canvas|edlink|ethos|ellucian|ed-?fi|google[ -]?classroom)\b/i,
    lookAt: 'text',
  },
  {
    says: 'The dashboard makes no HTML of texts: a vendor may have written them',
    applies: (path) => path.startsWith('services/control/dashboard/'),
    forbidden: /dangerouslySetInnerHTML|\b(inner|outer)HTML\b|insertAdjacentHTML|document\.write/,
    lookAt: 'text',
  },
  {
    says: 'No path of one machine stands in the tree',
    applies: (path) => !/(^|\/)fixtures\//.test(path) && path !== 'pnpm-lock.yaml',
    forbidden: /(?<![\w.$}*])\/(tmp|root|home\/\w+|Users\/\w+|usr\/lib\/google-cloud-sdk)\//,
    lookAt: 'text',
  },
];

function isSource(path: string): boolean {
  return /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('scripts/lint/house-rules');
}

/** What runs in production or on a user's machine, as opposed to tests and the repository's own scripts. */
function isProduct(path: string): boolean {
  return /^(packages|services)\/[^/]+\/src\/.*\.tsx?$/.test(path) && !isTest(path);
}

export function isTest(path: string): boolean {
  return /\.(test|contract|fixture|child)\.ts$/.test(path);
}

/** Whether a file breaks a rule. */
export function isBroken({ applies, forbidden, lookAt }: HouseRule, path: string, text: string): boolean {
  return applies(path) && forbidden.test(lookAt === 'path' ? path : text);
}

/** The modules that a file imports, statically, lazily or for their types, as they are written. */
export function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:\bfrom|\bimport\(|^import)\s*'([^'\n]+)'/gm);
  return [...found].map(([, name]) => name ?? '');
}
