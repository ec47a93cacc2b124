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
 * What is above the budget is aimed at nine tenths of it, so that it does not swing about it. A part of the cost does
 * not grow with the rate, so the way up cannot lead too far. The way down is shorter than to the aim where the cost is
 * that of a moment: to learn the code of 40 processes took 3 s.
 */
const aim = 0.9;
const fastestUp = 2;
const fastestDown = 4;

/** Samples a second of the next window, the same for all processes. */
export function nextRate({ rate, highest, used, budget }: BudgetInput): number {
  if (!Number.isFinite(budget) || used <= 0) return highest;
  const wanted = (rate * budget * aim) / used;
  // Within a tenth of the budget it stays as it is.
  const isNear = used <= budget && used >= budget * 0.8;
  const next = isNear ? rate : Math.min(Math.max(wanted, rate / fastestDown), rate * fastestUp);
  return Math.max(lowest, Math.min(highest, Math.round(next * 10) / 10));
}
