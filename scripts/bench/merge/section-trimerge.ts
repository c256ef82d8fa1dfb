import {
  combineMergers,
  routeMergers,
  trimergeArrayCreator,
  trimergeJsonDeepEqual,
  trimergeJsonObject,
} from 'trimerge';
import type { ParsedTriple } from './parse-batch.ts';

/**
 * trimerge 1.2.0 as a merge of sections by `sectionRules`: what is equal on two sides is decided at once, objects are descended into,
 * meetings merge by id, and what no merger of its own can decide is a conflict. It has no plan to show, and no volatile fields.
 */
export function createSectionTrimerge(): (triple: ParsedTriple, found: string[]) => void {
  let id = '';
  let conflicts: string[] = [];
  const merge = combineMergers(
    trimergeJsonDeepEqual,
    trimergeJsonObject,
    routeMergers([['meetings'], trimergeArrayCreator(({ id: key }: { readonly id: string }) => key)]),
    (_base, ours: unknown, _theirs, path) => {
      conflicts.push(`${id} ${path.map((name) => `/${name}`).join('')}`);
      return ours;
    },
  );
  return (triple, found) => {
    id = triple.id;
    conflicts = found;
    merge(triple.base, triple.ours, triple.theirs);
  };
}
