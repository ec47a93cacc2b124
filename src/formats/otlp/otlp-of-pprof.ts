// opentelemetry/proto/profiles/v1development/profiles.proto of https://github.com/open-telemetry/opentelemetry-proto:
// a request has one dictionary, whose tables begin with a zero value each, and one profile for each type of value.
import { type Function as PprofFunction, Profile as PprofProfile } from 'pprof-format';
import type {
  AnyValue,
  ExportProfilesServiceRequest,
  Location,
  Function as OtlpFunction,
  Profile,
  ProfilesDictionary,
  Sample,
} from './otlp-messages.js';

export interface OtlpContext {
  /** Names as in OpenTelemetry's semantic conventions. */
  readonly resource: Readonly<Record<string, string | number>>;
  /** 16 bytes, the same for the same type of value of the same pprof: who gets it twice knows it again. */
  readonly profileId: (type: string) => Uint8Array;
}

/** Labels of samples by their name in semantic conventions; others stay as they are. */
const attributeNames: Readonly<Record<string, string>> = {
  thread: 'thread.name',
  http_method: 'http.request.method',
  http_route: 'http.route',
};

/** The request that says the same as a pprof of `seriesPprof`, which is not compressed. Throws where it is damaged. */
export function otlpOfPprof(pprof: Uint8Array, context: OtlpContext): ExportProfilesServiceRequest {
  const file = PprofProfile.decode(pprof);
  const dictionary = new Dictionary(file);
  const samples = samplesOf(file, dictionary);
  const profiles = file.sampleType.map((_, at) => profileOf(file, at, { samples, dictionary, context }));
  return {
    resourceProfiles: [
      {
        resource: {
          attributes: Object.entries(context.resource).map(([key, value]) => ({ key, value: any(value) })),
        },
        scopeProfiles: [{ scope: { name: 'pyglass' }, profiles }],
      },
    ],
    dictionary: dictionary.tables,
  };
}

/** One identity of samples, with a sum for each type of value. */
interface SummedSample {
  readonly stackIndex: number;
  readonly attributeIndices: number[];
  readonly sums: number[];
}

/** Without those that took no time of any kind, to which nothing else refers. */
function samplesOf(file: PprofProfile, dictionary: Dictionary): SummedSample[] {
  const samples = new Map<string, SummedSample>();
  for (const { locationId, value, label } of file.sample) {
    const amounts = file.sampleType.map((_, at) => Number(value[at] ?? 0));
    if (!amounts.some((amount) => amount > 0)) continue;
    const stackIndex = dictionary.stack(locationId);
    const attributeIndices = label.map(({ key, str }) => dictionary.attribute(Number(key), Number(str)));
    const identity = `${stackIndex} ${attributeIndices}`;
    const known = samples.get(identity);
    if (!known) samples.set(identity, { stackIndex, attributeIndices, sums: amounts });
    else for (const [at, amount] of amounts.entries()) known.sums[at]! += amount;
  }
  return [...samples.values()];
}

function profileOf(
  file: PprofProfile,
  at: number,
  {
    samples,
    dictionary,
    context,
  }: {
    readonly samples: readonly SummedSample[];
    readonly dictionary: Dictionary;
    readonly context: OtlpContext;
  },
): Profile {
  const { type, unit } = file.sampleType[at]!;
  const { periodType } = file;
  const ofType: Sample[] = [];
  for (const { stackIndex, attributeIndices, sums } of samples)
    if (sums[at]! > 0) ofType.push({ stackIndex, attributeIndices, values: [sums[at]!] });
  const typeOf = (of: { readonly type: number | bigint; readonly unit: number | bigint }) => ({
    typeStrindex: dictionary.text(Number(of.type)),
    unitStrindex: dictionary.text(Number(of.unit)),
  });
  return {
    sampleType: typeOf({ type, unit }),
    samples: ofType,
    timeUnixNano: BigInt(file.timeNanos),
    durationNano: Number(file.durationNanos),
    ...(periodType ? { periodType: typeOf(periodType), period: Number(file.period) } : {}),
    profileId: context.profileId(file.stringTable.strings[Number(type)] ?? ''),
    attributeIndices: file.comment.length > 0 ? [dictionary.comments(file.comment.map(Number))] : [],
  };
}

/** Tables of OTLP with what is referred to, in the order in which it was; nothing is listed twice. */
class Dictionary {
  readonly #file: PprofProfile;
  readonly #strings = new Interned<string>('');
  readonly #stacks = new Interned<readonly number[]>('');
  readonly #attributes = new Interned<{ readonly key: number; readonly value: AnyValue }>();
  readonly #locations = new Interned<number>();
  readonly #functions = new Interned<number>();
  #cpython: number[] | undefined;
  readonly #pprofFunctions: ReadonlyMap<number, PprofFunction>;

  constructor(file: PprofProfile) {
    this.#file = file;
    this.#pprofFunctions = new Map(file.function.map((fn) => [Number(fn.id), fn]));
  }

  /** Index of a text of the pprof. */
  readonly text = (index: number): number => {
    const text = this.#file.stringTable.strings[index];
    if (text === undefined) throw new Error('a text of the profile is missing');
    return this.#strings.index(text, text);
  };

  /** `locationIds`: of the pprof, innermost first. */
  stack(locationIds: readonly (number | bigint)[]): number {
    const indexes = locationIds.map((given) => {
      const id = Number(given);
      return this.#locations.index(id, id);
    });
    return this.#stacks.index(indexes.join(), indexes);
  }

  attribute(key: number, value: number): number {
    const { strings } = this.#file.stringTable;
    const name = strings[key] ?? '';
    return this.#attribute(attributeNames[name] ?? name, any(strings[value] ?? ''));
  }

  comments(indexes: readonly number[]): number {
    const values = indexes.map((index) => any(this.#file.stringTable.strings[index] ?? ''));
    return this.#attribute('pprof.profile.comment', { arrayValue: { values } });
  }

  #attribute(name: string, value: AnyValue): number {
    const key = this.#strings.index(name, name);
    return this.#attributes.index(JSON.stringify([key, value]), { key, value });
  }

  get tables(): ProfilesDictionary {
    // In this order: locations name functions and attributes, and all name texts.
    const locationTable = [{}, ...this.#locationsOf()];
    const functionTable = [{}, ...this.#functionsOf()];
    return {
      mappingTable: [{}],
      linkTable: [{}],
      locationTable,
      functionTable,
      stringTable: ['', ...this.#strings.values],
      attributeTable: [{}, ...this.#attributes.values.map(({ key, value }) => ({ keyStrindex: key, value }))],
      stackTable: [{}, ...this.#stacks.values.map((locationIndices) => ({ locationIndices }))],
    };
  }

  #locationsOf(): Location[] {
    const byId = new Map(this.#file.location.map((location) => [Number(location.id), location]));
    return this.#locations.values.map((id) => {
      const [at] = byId.get(id)?.line ?? [];
      if (!at) throw new Error('a location of the profile is missing');
      const [functionId, line] = [Number(at.functionId), Number(at.line)];
      return {
        lines: [{ functionIndex: this.#functions.index(functionId, functionId), line }],
        attributeIndices: this.#frameType(functionId),
      };
    });
  }

  /** A pprof does not distinguish functions in C (`native`) from frames of our own: neither has a file. */
  #frameType(functionId: number): number[] {
    const hasFile = Number(this.#functionOf(functionId).filename) > 0;
    if (hasFile) this.#cpython ??= [this.#attribute('profile.frame.type', any('cpython'))];
    return (hasFile && this.#cpython) || [];
  }

  #functionsOf(): OtlpFunction[] {
    return this.#functions.values.map((id) => {
      const { name, systemName, filename, startLine } = this.#functionOf(id);
      return {
        nameStrindex: this.text(Number(name)),
        systemNameStrindex: this.text(Number(systemName)),
        filenameStrindex: this.text(Number(filename)),
        startLine: Number(startLine),
      };
    });
  }

  #functionOf(id: number): PprofFunction {
    const fn = this.#pprofFunctions.get(id);
    if (!fn) throw new Error('a function of the profile is missing');
    return fn;
  }
}

/** Values by number, beginning with 1. */
class Interned<Value> {
  readonly values: Value[] = [];
  readonly #numbers = new Map<string | number, number>();

  /** `zero`: the key of the value that each table begins with, where something may refer to it. */
  constructor(zero?: string) {
    if (zero !== undefined) this.#numbers.set(zero, 0);
  }

  index(key: string | number, value: Value): number {
    const known = this.#numbers.get(key) ?? this.values.push(value);
    this.#numbers.set(key, known);
    return known;
  }
}

function any(value: string | number): AnyValue {
  return typeof value === 'number' ? { intValue: value } : { stringValue: value };
}
