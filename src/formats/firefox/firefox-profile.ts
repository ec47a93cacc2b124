// The file, as far as it is written here: version 70 of the processed profile format. Its documentation is its types:
// https://github.com/firefox-devtools/profiler/blob/main/src/types/profile.ts. Times are milliseconds since the
// recording began; `null` and -1 stand for none.

/** The version that is written; newer viewers read older files. */
export const processedVersion = 70;

export interface FirefoxProfile {
  readonly meta: FirefoxMeta;
  readonly libs: readonly [];
  readonly threads: readonly FirefoxThread[];
  readonly shared: FirefoxShared;
}

export interface FirefoxMeta {
  /** Between samples. */
  readonly interval: number;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly profilingStartTime: 0;
  readonly profilingEndTime: number;
  readonly processType: 0;
  readonly product: string;
  readonly importedFrom: string;
  readonly stackwalk: 1;
  readonly version: number;
  readonly preprocessedProfileVersion: typeof processedVersion;
  readonly symbolicated: true;
  readonly symbolicationNotSupported: true;
  readonly usesOnlyOneStackType: true;
  readonly sourceCodeIsNotOnSearchfox: true;
  readonly keepProfileThreadOrder: true;
  readonly initialSelectedThreads: readonly number[];
  readonly sampleUnits: { readonly time: 'ms'; readonly eventDelay: 'ms'; readonly threadCPUDelta: 'µs' };
  readonly categories: readonly FirefoxCategory[];
  readonly markerSchema: readonly FirefoxMarkerSchema[];
  readonly extra: readonly {
    readonly label: string;
    readonly entries: readonly {
      readonly label: string;
      readonly format: 'string';
      readonly value: string;
    }[];
  }[];
}

export interface FirefoxCategory {
  readonly name: string;
  readonly color: string;
  readonly subcategories: readonly string[];
}

export interface FirefoxMarkerSchema {
  readonly name: string;
  readonly tooltipLabel: string;
  readonly tableLabel: string;
  readonly chartLabel: string;
  readonly display: readonly ('marker-chart' | 'marker-table' | 'timeline-overview')[];
  readonly fields: readonly {
    readonly key: string;
    readonly label: string;
    readonly format: 'string';
    readonly hidden?: true;
  }[];
}

export interface FirefoxThread {
  readonly name: string;
  readonly processName: string;
  readonly processType: 'default';
  readonly pid: string;
  readonly tid: number;
  readonly isMainThread: boolean;
  readonly showMarkersInTimeline: true;
  readonly processStartupTime: 0;
  readonly processShutdownTime: null;
  readonly registerTime: number;
  readonly unregisterTime: number | null;
  readonly pausedRanges: readonly [];
  readonly samples: FirefoxSamples;
  readonly markers: FirefoxMarkers;
}

/** Each row holds until the next one. */
export interface FirefoxSamples {
  readonly time: readonly number[];
  readonly stack: readonly (number | null)[];
  /** Milliseconds for which the stack was seen. */
  readonly weight: readonly number[];
  readonly weightType: 'tracing-ms';
  /** Microseconds of CPU time since the row before; null: not known. Absent where it is never known. */
  readonly threadCPUDelta?: readonly (number | null)[];
  readonly length: number;
}

export interface FirefoxMarkers {
  readonly data: readonly ({ readonly type: string } & Readonly<Record<string, string>>)[];
  readonly name: readonly number[];
  readonly startTime: readonly number[];
  readonly endTime: readonly number[];
  /** 1: an interval. */
  readonly phase: readonly 1[];
  readonly category: readonly number[];
  readonly length: number;
}

/** Tables of all threads. */
export interface FirefoxShared {
  readonly stackTable: {
    readonly frame: readonly number[];
    /** How many rows before this one its caller stands; 0: it has none. */
    readonly prefixOffset: readonly number[];
    readonly length: number;
  };
  readonly frameTable: {
    readonly address: readonly -1[];
    readonly lib: readonly -1[];
    readonly inlineDepth: readonly 0[];
    readonly category: readonly number[];
    readonly subcategory: readonly 0[];
    readonly func: readonly number[];
    readonly nativeSymbol: readonly null[];
    readonly innerWindowID: readonly null[];
    readonly line: readonly (number | null)[];
    readonly column: readonly null[];
    readonly originalLocation: readonly null[];
    readonly length: number;
  };
  readonly funcTable: {
    readonly name: readonly number[];
    readonly isJS: readonly false[];
    readonly relevantForJS: readonly false[];
    readonly resource: readonly number[];
    readonly source: readonly (number | null)[];
    readonly lineNumber: readonly (number | null)[];
    readonly columnNumber: readonly null[];
    readonly originalLocation: readonly null[];
    readonly length: number;
  };
  readonly resourceTable: {
    readonly name: readonly number[];
    readonly host: readonly null[];
    /** 1: a library. */
    readonly type: readonly 1[];
    readonly length: number;
  };
  readonly nativeSymbols: {
    readonly libIndex: readonly [];
    readonly address: readonly [];
    readonly name: readonly [];
    readonly functionSize: readonly [];
    readonly length: 0;
  };
  readonly sources: {
    readonly id: readonly null[];
    readonly filename: readonly number[];
    readonly startLine: readonly 1[];
    readonly startColumn: readonly 1[];
    readonly sourceMapURL: readonly null[];
    readonly content: readonly null[];
    readonly length: number;
  };
  readonly sourceLocationTable: {
    readonly source: readonly [];
    readonly line: readonly [];
    readonly column: readonly [];
    readonly length: 0;
  };
  readonly stringArray: readonly string[];
}
