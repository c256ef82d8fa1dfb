import { listOfOne, optional, Text } from '@flotilla/substrate/lenient';
import { at } from '@flotilla/substrate/vendor';
import { gradeOf } from './levels.ts';

/** PROVISIONED is one that its teacher has yet to accept. */
const notActive: readonly unknown[] = ['ARCHIVED', 'DECLINED', 'SUSPENDED'];

/** What canonical courses and classes have in common. A course's name is that of the group: what is taught has none of its own at Google. */
export const courseMembers = {
  status: at(
    'courseState',
    optional(Text).transform((state) => (notActive.includes(state) ? 'inactive' : 'active')),
  ),
  title: at('name', Text),
  grades: at('levels', listOfOne(Text.transform(gradeOf))),
  subjects: at('subject', listOfOne(Text)),
};
