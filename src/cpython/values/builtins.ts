import { isPointer } from '../../memory/pointers.js';
import type { TargetMemory } from '../../memory/target-memory.js';
import type { Value } from '../../model/value.js';
import { pointersAt } from '../objects/tuples.js';
import { call, plain } from './plain.js';
import type { ValueReader } from './value-source.js';

/** The few objects of which there is one, or that are a row of pointers. */

export const readNone: ValueReader = () => plain('NoneType', 'None');
export const readEllipsis: ValueReader = () => plain('ellipsis', 'Ellipsis');
export const readNotImplemented: ValueReader = () => plain('NotImplementedType', 'NotImplemented');

const isText = (value: Value | undefined, text: string) => value?.kind === 'plain' && value.text === text;

export const readRange: ValueReader = (source, object, type) => {
  const [start, stop, step] = fields(source.memory, object).map((field) => source.value(field));
  if (!start || !stop || !step) return undefined;
  return call(type, isText(step, '1') ? [start, stop] : [start, stop, step]);
};

export const readSlice: ValueReader = (source, object, type) =>
  call(
    type,
    fields(source.memory, object).map((field) => source.value(field)),
  );

/** Start, stop and step of a range or slice follow the object's header. */
function fields(memory: TargetMemory, object: number): number[] {
  return pointersAt(memory, object + 16, 3, 3);
}

export const readCell: ValueReader = (source, object, type) => {
  const { memory, layout } = source;
  const [inner = 0] = pointersAt(memory, object + layout.cell.value, 1, 1);
  return isPointer(inner) ? call(type, [source.value(inner)]) : plain(type.name, '<cell: empty>');
};
