import { containerIdOf, startedWithValue } from '../process/process-usage.js';
import { givenServiceName, serviceNameOf } from './service-name.js';

/** Under which name and with which labels the profiles of a process are filed. */
export interface ProcessLabels {
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface LabelledProcess {
  readonly pid: number;
  /** Secrets hidden. */
  readonly commandLine: readonly string[];
  readonly pythonVersion: string;
}

/**
 * `service`: a name for all. Otherwise it is that which the process was started with for OpenTelemetry, of whose
 * variables no other is read, or what its command line says.
 */
export function processLabels(
  { pid, commandLine, pythonVersion }: LabelledProcess,
  { service, host }: { readonly service?: string | undefined; readonly host: string },
  read = { variable: startedWithValue, container: containerIdOf },
): ProcessLabels {
  const container = read.container(pid);
  const named = service ?? otelServiceName((variable) => read.variable(pid, variable));
  return {
    service: named === undefined ? serviceNameOf(commandLine) : givenServiceName(named),
    labels: {
      host,
      pid: String(pid),
      ...(pythonVersion === '' ? {} : { python_version: pythonVersion }),
      ...(container === undefined ? {} : { container_id: container }),
    },
  };
}

/** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
function otelServiceName(variable: (name: string) => string | undefined): string | undefined {
  const name = variable('OTEL_SERVICE_NAME');
  if (name !== undefined && name !== '') return name;
  for (const pair of (variable('OTEL_RESOURCE_ATTRIBUTES') ?? '').split(',')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() !== 'service.name') continue;
    const value = pair.slice(at + 1).trim();
    try {
      return decodeURIComponent(value) || undefined;
    } catch {
      return value;
    }
  }
  return undefined;
}
