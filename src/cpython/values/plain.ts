import type { ItemsValue, PlainValue } from '../../model/value.js';
import type { TypeInfo } from './types.js';

export function plain(type: string, text: string): PlainValue {
  return { kind: 'plain', type, text };
}

/** What stands for an object that could not be read: it is gone, or was changing. */
export const unreadable: PlainValue = plain('', '<unreadable>');

/** What Python shows of an object of which it knows nothing else. */
export function anonymous(type: TypeInfo, object: number): PlainValue {
  return plain(type.name, `<${type.fullName} object at 0x${object.toString(16)}>`);
}

export function call(type: TypeInfo | string, items: ItemsValue['items'], more = 0): ItemsValue {
  const name = typeof type === 'string' ? type : type.name;
  return { kind: 'items', type: name, open: `${name}(`, close: ')', items, more };
}
