export interface Pattern {
  readonly regex: string;
  readonly message: string;
}

export interface Name {
  readonly name: string;
  readonly message: string;
}

export interface Member {
  readonly object: string;
  readonly property: string;
  readonly message: string;
}

/** What files of one kind may not import or name. */
export interface Fence {
  readonly files: readonly string[];
  readonly except?: readonly string[];
  readonly imports?: readonly Pattern[];
  readonly globals?: readonly Name[];
  readonly members?: readonly Member[];
}

/** As oxlint takes it. */
export function fenceToOverride({
  files,
  except = [],
  imports = [],
  globals = [],
  members = [],
}: Fence): object {
  return {
    files,
    excludeFiles: except,
    rules: {
      'no-restricted-imports': ['error', { patterns: imports }],
      'no-restricted-globals': ['error', { globals, checkGlobalObject: true }],
      'no-restricted-properties': ['error', ...members],
    },
  };
}
