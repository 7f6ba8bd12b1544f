// What is said beside the steps of a line while it is being put together. The documents service decides in the end.
import type { Person } from "../../ui/components/people-picker";
import type { Role, Step } from "./types";

export interface Told {
  /** The step it is about, or null for the line as a whole. */
  step: number | null;
  code: string;
}

/** What stands in the way of submitting along these steps. */
export function problems(steps: readonly Step[], drafter: string): Told[] {
  if (!steps.length) return [{ step: null, code: "line_required" }];
  const found: Told[] = [];
  const deciders = steps.flatMap((step, index) => (step.role === "decide" ? [index] : []));
  if (!deciders.length) found.push({ step: null, code: "no_decider" });
  else if (deciders.length > 1) found.push({ step: null, code: "several_deciders" });
  else if (deciders[0] !== steps.length - 1) found.push({ step: null, code: "decider_not_last" });
  const alone = steps.length === 1 && steps[0]?.role === "decide";
  const met = new Set(alone ? [] : [drafter]);
  for (const [index, { person }] of steps.entries()) {
    if (person.active === false) found.push({ step: index, code: "inactive_person" });
    else if (met.has(person.id))
      found.push({ step: index, code: person.id === drafter ? "drafter_on_line" : "duplicate_person" });
    met.add(person.id);
  }
  return found;
}

/** Whether a step may run at the same time as the one before it (병렬협조). */
export function mayBeParallel(steps: readonly Step[], index: number): boolean {
  return steps[index]?.role === "cooperate" && steps[index - 1]?.role === "cooperate";
}

/** The steps without parallel marks that mean nothing where they stand now. */
export function tidied(steps: readonly Step[]): Step[] {
  return steps.map((step, index) => ({ ...step, parallel: step.parallel && mayBeParallel(steps, index) }));
}

/**
 * The steps with one more person. A decider comes last, and whoever decided so far reviews; others come before
 * the decider. Also who was made a reviewer by that.
 */
export function joined(steps: readonly Step[], person: Person, role: Role): { steps: Step[]; demoted: Person | null } {
  const step: Step = { person, role, parallel: false };
  const last = steps.at(-1);
  if (role === "decide") {
    const before = steps.map((other) => (other.role === "decide" ? { ...other, role: "review" as const } : other));
    return { steps: [...before, step], demoted: last?.role === "decide" ? last.person : null };
  }
  const at = last?.role === "decide" ? steps.length - 1 : steps.length;
  return { steps: [...steps.slice(0, at), step, ...steps.slice(at)], demoted: null };
}

/** The steps with one of them in another place. */
export function moved(steps: readonly Step[], from: number, to: number): Step[] {
  const rest = steps.filter((_, index) => index !== from);
  const step = steps[from];
  return step ? tidied([...rest.slice(0, to), step, ...rest.slice(to)]) : [...steps];
}
