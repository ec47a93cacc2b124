export interface BudgetInput {
  /** Samples a second now, and at most. */
  readonly rate: number;
  readonly highest: number;
  /** Share of a processor that was used, and that may be. */
  readonly used: number;
  readonly budget: number;
}

const lowest = 1;
/**
 * Most of the cost grows with the rate: what is above the budget is aimed at nine tenths of it, so that it does not
 * swing about it, and the way up is slower than the way down.
 */
const aim = 0.9;
const fastestUp = 1.25;

/** Samples a second of the next window, the same for all processes. */
export function nextRate({ rate, highest, used, budget }: BudgetInput): number {
  if (!Number.isFinite(budget) || used <= 0) return highest;
  const wanted = (rate * budget * aim) / used;
  // Within a tenth of the budget it stays as it is.
  const isNear = used <= budget && used >= budget * 0.8;
  const next = isNear ? rate : Math.min(wanted, rate * fastestUp);
  return Math.max(lowest, Math.min(highest, Math.round(next * 10) / 10));
}
