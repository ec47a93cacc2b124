/**
 * pyglass as a library: docs/library.md. Nothing here prints, listens to signals or ends the process. What goes wrong
 * on purpose is a PyglassError.
 */
export type { Category } from './analysis/category.js';
export { type HotFunction, hottestFunctions } from './analysis/hottest-functions.js';
export {
  type FrameOrder,
  type Sample,
  type SampledFrame,
  type SampledState,
  type SampledThread,
  samplesOf,
} from './analysis/samples.js';
export { defaultView, type Mode, modes, type ViewOptions } from './analysis/view-options.js';
export type { PsReport, PythonProcess } from './discovery/processes-json.js';
export type { TraceEvent, TraceFile, TraceRecording } from './formats/chrometrace/trace-file.js';
export { diffReport } from './formats/diff/diff-json.js';
export type {
  DiffExceeded,
  DiffedFunction,
  DiffedRecording,
  DiffedRoute,
  DiffedTime,
  DiffReport,
} from './formats/diff/diff-report.js';
export type { DoctorReport } from './formats/doctor/doctor-json.js';
export type {
  DumpedFrame,
  DumpedGreenlet,
  DumpedGreenlets,
  DumpedProcess,
  DumpedRequest,
  DumpedTask,
  DumpedTasks,
  DumpedThread,
  DumpedVariable,
  DumpReport,
} from './formats/dump/dump-json.js';
export type {
  FirefoxCategory,
  FirefoxMarkerSchema,
  FirefoxMarkers,
  FirefoxMeta,
  FirefoxProfile,
  FirefoxSamples,
  FirefoxShared,
  FirefoxThread,
} from './formats/firefox/firefox-profile.js';
export { formatById, formatForPath, formats } from './formats/formats.js';
export type { OutputFormat } from './formats/output-format.js';
export { routesReport } from './formats/routes/routes-json.js';
export type { RouteReport, RoutesReport } from './formats/routes/routes-report.js';
export type { SpeedscopeFile, SpeedscopeFrame, SpeedscopeProfile } from './formats/speedscope.js';
export { summaryReport } from './formats/summary/summary-json.js';
export type {
  SummaryApplicationFunction,
  SummaryBlockingFunction,
  SummaryBusiest,
  SummaryFunction,
  SummaryLine,
  SummaryReport,
  SummaryWait,
} from './formats/summary/summary-report.js';
export type {
  Finding,
  FolderFacts,
  MachineFacts,
  ProcessExamination,
  PythonCount,
  PythonExamination,
  ReadAnswers,
} from './model/doctor.js';
export { type ErrorCode, errorCodes, PyglassError } from './model/error.js';
export type {
  FunctionInfo,
  FunctionKind,
  Losses,
  ProcessInfo,
  Profile,
  RecordingInfo,
  Runs,
  ThreadInfo,
  UnrecordedChildren,
  UnrecordedProcess,
} from './model/profile.js';
export type { CoreFacts, CoreSignalFacts, MissingFile, ThreadState } from './model/snapshot.js';
export type { SamplingStats } from './sampler/messages.js';
export type { Label, LabelScope } from './session/labelling.js';
export { ProfileSink } from './session/profile-sink.js';
export { listPythons, readRecording } from './session/read.js';
export {
  attach,
  type Recording,
  type RecordOptions,
  record,
  type Sampling,
  type SamplingOptions,
} from './session/record.js';
export { render } from './session/render.js';
export type { SessionEnd, SessionEvent } from './session/session.js';
export type { Sink } from './session/sink.js';
export { type CoreFile, type Snapshot, type SnapshotOptions, snapshot } from './session/snapshots.js';
export { type StatsReport, statsReport } from './session/stats-report.js';
export { version } from './session/version.js';
export type { ThreadCounts, TopReport, TopRow } from './tui/top/top-json.js';
