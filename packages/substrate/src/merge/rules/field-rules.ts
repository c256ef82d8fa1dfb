import { namesOfElement } from '../lists/element-segments.ts';
import { type Side, type Strategy, sideAlwaysTaken } from '../strategy.ts';
import type { ListSpec } from './list-spec.ts';
import { type Below, joinBelow, nothingBelow, type PatternNode, stepDown } from './pattern-tree.ts';

/** Pure. How one field is merged, and the way to the rules of the fields below it. */
export interface FieldRules {
  readonly strategy: Strategy;
  /** The side that the field is always taken from, if any. */
  readonly always: Side | undefined;
  /** The strategy and where it was set, as reports show it: `resolveTheirs (field /email)`. */
  readonly because: string;
  readonly list: ListSpec | undefined;
  readonly isVolatile: boolean;
  /** What patterns say of fields strictly below. */
  readonly below: Below;
  /** The rules of a member by its name; of an element of a keyed list by what tells it apart (see ElementIndex). */
  child(name: string): FieldRules;
}

/** A strategy, and the words for where it was set. */
export interface Ruling {
  readonly strategy: Strategy;
  readonly because: string;
}

/** What one layer of settings (the record's own, the entity type's) says of a field. */
export interface Layer {
  /** Undefined: nothing so far, and the next layer is asked. */
  readonly ruling: Ruling | undefined;
  /** Where in its tree of patterns the field stands; several at once, in order of precedence. */
  readonly nodes: readonly PatternNode[];
  /** What goes before the pointer in a ruling's words. */
  readonly owner: '' | 'record, ';
}

/** The rules of a record as a whole, by layers in order of precedence, the last of which has a ruling. */
export function createFieldRules(layers: readonly Layer[]): FieldRules {
  return placeRules({ layers, isVolatile: false, keyNames: [], isInKey: false });
}

interface Place {
  readonly layers: readonly Layer[];
  readonly isVolatile: boolean;
  /** Of an element of a keyed list, the members that tell it from others: those are never volatile. */
  readonly keyNames: readonly string[];
  readonly isInKey: boolean;
}

function placeRules(place: Place): FieldRules {
  const nodes = place.layers.flatMap((layer) => layer.nodes);
  const { strategy, because } = rulingOf(place.layers);
  const always = sideAlwaysTaken(strategy);
  const list = nodes.find((node) => node.list !== undefined)?.list;
  const { isVolatile } = place;
  const facts = { strategy, always, because, list, isVolatile };
  if (nodes.length === 0) {
    const plain: FieldRules = { ...facts, below: nothingBelow, child: () => plain };
    return plain;
  }
  // Made when asked for: with several `*` the combinations of patterns would be many, those that records meet are few.
  const known = new Map<string | undefined, FieldRules>();
  const ownNames = new Set([...nodes.flatMap((node) => [...node.named.keys()]), ...place.keyNames]);
  const isKeyed = list !== undefined && list !== 'set';
  function child(name: string): FieldRules {
    const own = isKeyed
      ? namesOfElement(name).filter((spoken) => ownNames.has(spoken))
      : ownNames.has(name)
        ? [name]
        : noNames;
    const key = own.length === 0 ? undefined : name;
    const before = known.get(key);
    if (before !== undefined) return before;
    const rules = placeRules(stepInto(place, list, own));
    known.set(key, rules);
    return rules;
  }
  return { ...facts, below: joinBelow(nodes.map((node) => node.below)), child };
}

const noNames: readonly string[] = [];

function rulingOf(layers: readonly Layer[]): Ruling {
  return layers.find((layer) => layer.ruling !== undefined)?.ruling ?? unruled;
}

const unruled: Ruling = { strategy: 'manual', because: 'manual (default)' };

/** `names`: of those that the member or element goes by, those that mean anything here. */
function stepInto(place: Place, list: ListSpec | undefined, names: readonly string[]): Place {
  const layers = place.layers.map((layer) => {
    const nodes = stepDown(layer.nodes, names);
    return { ...layer, nodes, ruling: rulingAt(nodes, layer.owner) ?? layer.ruling };
  });
  const isInKey = place.isInKey || names.some((name) => place.keyNames.includes(name));
  const isSaidVolatile = layers.some(({ nodes }) => nodes.some((node) => node.isVolatile));
  return {
    layers,
    isVolatile: place.isVolatile || (isSaidVolatile && !isInKey),
    keyNames: list === undefined || list === 'set' ? [] : list.key,
    isInKey,
  };
}

function rulingAt(nodes: readonly PatternNode[], owner: Layer['owner']): Ruling | undefined {
  for (const { strategy, pattern } of nodes) {
    if (strategy !== undefined) return { strategy, because: `${strategy} (${owner}field ${pattern})` };
  }
  return undefined;
}
