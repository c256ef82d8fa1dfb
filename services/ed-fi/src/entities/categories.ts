import { Text } from '@flotilla/substrate/lenient';
import { at } from '@flotilla/substrate/vendor';
import { defineResource } from '../wire/resources.ts';

export const categories = defineResource('category', {
  gradebookEntryTypeDescriptors: { title: at('shortDescription|codeValue', Text) },
});
