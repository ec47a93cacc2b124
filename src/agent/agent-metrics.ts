// https://prometheus.io/docs/instrumenting/exposition_formats/ — a dozen numbers without histograms: the usual library
// for them brings two more packages and 300 KB.

interface Metric {
  readonly type: 'counter' | 'gauge';
  readonly help: string;
}

/** All metrics, without the beginning `pyglass_agent_`. */
const metrics = {
  processes: { type: 'gauge', help: 'Python processes that are sampled.' },
  processes_unreadable: { type: 'gauge', help: 'Python processes that may not be read.' },
  processes_not_recorded_total: { type: 'counter', help: 'Python processes that could not be sampled.' },
  rate: { type: 'gauge', help: 'Samples a second of each process.' },
  cpu_seconds_total: { type: 'counter', help: 'CPU time of the agent.' },
  ticks_missed_total: { type: 'counter', help: 'Samples that were due while the agent was busy.' },
  samples_torn_total: { type: 'counter', help: 'Samples that could not be read whole.' },
  sampler_restarts_total: { type: 'counter', help: 'Times that sampling ended unexpectedly.' },
  profiles_total: { type: 'counter', help: 'Profiles made, one a process and window.' },
  profiles_delivered_total: { type: 'counter', help: 'Profiles that the receiver took.' },
  profiles_refused_total: { type: 'counter', help: 'Profiles that the receiver did not want.' },
  profiles_dropped_total: { type: 'counter', help: 'Profiles lost since the queue or the folder was full.' },
  push_failures_total: { type: 'counter', help: 'Attempts to push that failed and are repeated.' },
  queue_profiles: { type: 'gauge', help: 'Profiles that wait to be delivered.' },
  queue_bytes: { type: 'gauge', help: 'Size of the queue.' },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

export class AgentMetrics {
  readonly #values = new Map<MetricName, number>();

  set(name: MetricName, value: number): void {
    this.#values.set(name, value);
  }

  add(name: MetricName, value = 1): void {
    this.#values.set(name, this.value(name) + value);
  }

  value(name: MetricName): number {
    return this.#values.get(name) ?? 0;
  }

  /** All of them, also those that are 0. */
  text(): string {
    return (Object.keys(metrics) as MetricName[])
      .map((name) => {
        const full = `pyglass_agent_${name}`;
        const { type, help } = metrics[name];
        return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${full} ${this.value(name)}\n`;
      })
      .join('');
  }
}
