import { type Strategy, sideAlwaysTaken } from '../strategy.ts';
import type { ListSpec } from './list-spec.ts';
import { anySegment, parsePattern } from './pointer-pattern.ts';

/** What is said of the fields that end here, and of those below. Names are keys of a Map: `__proto__` is one like any other. */
export interface PatternNode {
  readonly named: ReadonlyMap<string, PatternNode>;
  readonly any: PatternNode | undefined;
  readonly strategy: Strategy | undefined;
  /** The pattern that names the strategy, as it was written. */
  readonly pattern: string;
  readonly list: ListSpec | undefined;
  readonly isVolatile: boolean;
  readonly below: Below;
}

/** What patterns say strictly below a place. */
export interface Below {
  readonly strategy: boolean;
  readonly always: boolean;
  readonly volatile: boolean;
  readonly list: boolean;
  readonly set: boolean;
}

export const nothingBelow: Below = {
  strategy: false,
  always: false,
  volatile: false,
  list: false,
  set: false,
};

/** What several places together say below them. */
export function joinBelow(parts: readonly Below[]): Below {
  return {
    strategy: parts.some((part) => part.strategy),
    always: parts.some((part) => part.always),
    volatile: parts.some((part) => part.volatile),
    list: parts.some((part) => part.list),
    set: parts.some((part) => part.set),
  };
}

/** What settings say by pattern. */
export interface PatternTables {
  readonly fields?: Readonly<Record<string, Strategy>> | undefined;
  readonly lists?: Readonly<Record<string, ListSpec>> | undefined;
  readonly volatile?: readonly string[] | undefined;
}

/** Pure. One tree of all patterns. Fails with `invalid_params` where a text is no pattern. */
export function plantPatterns({ fields = {}, lists = {}, volatile = [] }: PatternTables): PatternNode {
  const root = createNode();
  for (const [pattern, strategy] of Object.entries(fields)) {
    const always = sideAlwaysTaken(strategy) !== undefined;
    Object.assign(reach(root, pattern, { ...nothingBelow, strategy: true, always }), { strategy, pattern });
  }
  for (const [pattern, list] of Object.entries(lists))
    reach(root, pattern, { ...nothingBelow, list: true, set: list === 'set' }).list = list;
  for (const pattern of volatile) reach(root, pattern, { ...nothingBelow, volatile: true }).isVolatile = true;
  return root;
}

/**
 * The nodes that a step down leads to, from nodes in order of precedence, in that order: a name goes before `*`, the first of several
 * before the others, and what stands further left decides.
 */
export function stepDown(nodes: readonly PatternNode[], names: readonly string[]): PatternNode[] {
  return nodes
    .flatMap(({ named, any }) => [...names.map((name) => named.get(name)), any])
    .filter((node) => node !== undefined);
}

type GrowingNode = {
  -readonly [Member in Exclude<keyof PatternNode, 'named' | 'any'>]: PatternNode[Member];
} & { readonly named: Map<string, GrowingNode>; any: GrowingNode | undefined };

function createNode(): GrowingNode {
  return {
    named: new Map(),
    any: undefined,
    strategy: undefined,
    pattern: '',
    list: undefined,
    isVolatile: false,
    below: nothingBelow,
  };
}

/** The node of a pattern, made where it is missing; every node on the way learns what is said below it. */
function reach(root: GrowingNode, pattern: string, said: Below): GrowingNode {
  let node = root;
  for (const segment of parsePattern(pattern)) {
    node.below = joinBelow([node.below, said]);
    node = childOf(node, segment);
  }
  return node;
}

function childOf(node: GrowingNode, segment: string | typeof anySegment): GrowingNode {
  const known = segment === anySegment ? node.any : node.named.get(segment);
  if (known !== undefined) return known;
  const child = createNode();
  if (segment === anySegment) node.any = child;
  else node.named.set(segment, child);
  return child;
}
