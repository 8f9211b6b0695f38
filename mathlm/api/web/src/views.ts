/** How answers look: verdicts, messages, goals, attempts and, above all, what a certificate says. */

import type { Attempt, Message, Place, Proof, Solution, Theorem, Verdict } from "./api";
import { h } from "./dom";
import { whole } from "./statement";

export type Mood = "idle" | "good" | "bad" | "warn";

const REASONS: Record<string, string> = {
  parse: "Lean cannot read it",
  elaboration: "Lean found an error",
  sorry: "a part of the proof is missing (sorry)",
  axiom: "it rests on an axiom that is not allowed",
  statement_mismatch: "it proves something else",
  kernel: "Lean's kernel refused it",
  forbidden: "it uses what is not allowed",
};

/** The banner: one bold word, what happened, and what to do. */
export function banner(verdict: Verdict): { mood: Mood; head: string; text: string } {
  const seconds = `${verdict.seconds.toFixed(2)} s${verdict.cached ? ", remembered" : ""}`;
  switch (verdict.status) {
    case "accepted":
      return { mood: "good", head: "Accepted.", text: `${theorems(verdict.theorems.length)} (${seconds})` };
    case "rejected": {
      const errors = verdict.messages.filter((message) => message.severity === "error");
      if (errors.length > 0 && (verdict.reason === "elaboration" || verdict.reason === "parse")) {
        const found = `Lean found ${errors.length === 1 ? "an error" : `${errors.length} errors, the first`} at line ${errors[0]!.line}.`;
        return { mood: "bad", head: "Not accepted:", text: found };
      }
      const reason = REASONS[verdict.reason ?? ""] ?? verdict.reason ?? "";
      const mood = verdict.reason === "sorry" ? "warn" : "bad";
      const head = verdict.reason === "sorry" ? "Not finished:" : "Not accepted:";
      return { mood, head, text: `${reason}. ${verdict.detail}`.trim() };
    }
    case "timeout":
      return { mood: "warn", head: "Out of time.", text: `${verdict.detail} This says nothing about the proof.` };
    case "resource":
      return { mood: "warn", head: "Out of memory.", text: `${verdict.detail} This says nothing about the proof.` };
    default:
      return { mood: "warn", head: "No verdict.", text: `${verdict.detail} The checker failed, not the proof: try again.` };
  }
}

function theorems(number: number): string {
  return number === 1 ? "Lean checked every step of the proof." : `Lean checked every step of the ${number} proofs.`;
}

export function messageItem(message: Message, go: () => void): HTMLLIElement {
  const place = `line ${message.line}, column ${message.column + 1}`;
  const button = h(
    "button",
    { type: "button", click: go, "data-severity": message.severity },
    h("small", {}, `${message.severity} at ${place}`),
    h("code", {}, message.text),
  );
  return h("li", {}, button);
}

export function goalsView(place: Place | null, known: boolean): Node[] {
  if (place === null) {
    const text = known ? "No tactic and no sorry before the cursor." : "Nothing to show yet.";
    return [h("p", { class: "quiet" }, text)];
  }
  const where = `${place.tactic === undefined ? "at sorry" : `before ${shorten(place.tactic)}`}, line ${place.line}`;
  const goals = place.goals.map((goal) => h("pre", { class: "goal" }, goal));
  return [h("p", { class: "quiet" }, where), ...(goals.length > 0 ? goals : [h("p", {}, "No goals: all is proved here.")])];
}

function shorten(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}

export function attemptItem(attempt: Attempt): HTMLLIElement {
  const good = attempt.status === "accepted";
  const outcome = good ? "accepted" : (REASONS[attempt.reason ?? ""] ?? attempt.reason ?? attempt.status ?? "");
  const source = attempt.source ?? attempt.program ?? "";
  const who = attempt.origin ?? `program ${attempt.number ?? ""}`;
  const output = attempt.answer ?? attempt.output ?? null;
  return h(
    "li",
    {},
    h(
      "details",
      {},
      h(
        "summary",
        {},
        attempt.status !== undefined && h("span", { class: "mark", "data-good": String(good), "aria-hidden": "true" }, good ? "✓" : "✗"),
        `${who}: ${output ?? outcome}`,
      ),
      source !== "" && h("pre", {}, source),
      output !== null && attempt.output ? h("p", { class: "quiet" }, `printed ${attempt.output.trim()}`) : null,
      attempt.detail ? h("p", { class: "quiet" }, attempt.detail) : null,
    ),
  );
}

/** What library theorems rest on themselves is not looked at: the embedded library has no proofs of them. */
const BEYOND = "axioms beyond the library's";

/** What was proved, on what it rests, who checked it, and what that means. */
export function certificate(proved: Theorem[], toolchain: string, origin?: string | null): Node[] {
  const vacuous = proved.some((theorem) => theorem.vacuous === true);
  return [
    ...proved.map((theorem) => h("pre", {}, `theorem ${theorem.statement.replace(/^theorem /, "") || theorem.name}`)),
    h(
      "dl",
      {},
      ...pair(BEYOND, axioms(proved)),
      ...pair("kernel", kernels(toolchain)),
      ...pair("toolchain", toolchain),
      ...pair("hypotheses", proved.map(hypotheses).filter((text, i, all) => all.indexOf(text) === i).join("; ")),
      ...(origin ? pair("found by", origin) : []),
    ),
    vacuous
      ? h("p", { class: "means caution" }, "The hypotheses contradict each other, so this theorem says nothing: no case meets them.")
      : h(
          "p",
          { class: "means" },
          "The statement above, as Lean itself printed it, follows from the library and the axioms named here; every step was " +
            "checked by the kernel in a process that runs none of the proof's own code. Whether the statement says what you mean is yours to judge.",
        ),
  ];
}

function pair(name: string, text: string): Node[] {
  return [h("dt", {}, name), h("dd", {}, text)];
}

function axioms(proved: Theorem[]): string {
  const names = [...new Set(proved.flatMap((theorem) => theorem.axioms))];
  return names.length === 0 ? "none" : names.join(", ");
}

function kernels(toolchain: string): string {
  return toolchain.includes("two kernels")
    ? "Lean's own, and a second one written independently; both agree"
    : "Lean's own, on top of the untouched library";
}

function hypotheses(theorem: Theorem): string {
  if (theorem.vacuous === true) return `of ${theorem.name} contradict each other`;
  return theorem.vacuous === false ? "none that could contradict each other" : "no contradiction was found";
}

/** A proof as `prove` and `solve` report it. */
export function proofCertificate(proof: Proof): Node[] {
  const theorem: Theorem = {
    name: "",
    status: "accepted",
    reason: null,
    axioms: proof.axioms,
    statement: proof.statement,
    detail: "",
    vacuous: proof.vacuous,
  };
  return certificate([theorem], proof.toolchain, proof.origin);
}

const WORTH: Record<Solution["certificate"], string> = {
  lean: "Lean proved the formal statement below. Make sure that it says what you asked.",
  python: "Two programs, written in different ways, print equal answers. Nothing was proved.",
  vote: "The commonest answer of the samples; nothing was checked. Take it as a guess.",
  none: "Nothing stands behind this. Ask in other words, or with fewer steps.",
};

export function answerView(solution: Solution, open: (source: string) => void): Node[] {
  const votes = Object.entries(solution.votes).map(([answer, number]) => `${answer} (${number})`);
  const statement = solution.formal_statement;
  const second = solution.second_program ?? null;
  const proof =
    solution.proof === null || statement === null ? null : whole(statement, solution.proof, solution.toolchain ?? "");
  return [
    h("p", { class: "big" }, solution.answer ?? "No answer"),
    h("p", { class: solution.certificate === "lean" ? "means" : "means caution" }, h("strong", {}, `${solution.certificate}. `), WORTH[solution.certificate]),
    statement !== null && h("h3", {}, proof === null ? "Formal statement" : "Formal statement and proof"),
    statement !== null && proof === null && h("pre", {}, statement),
    proof !== null && h("pre", {}, proof.trimEnd()),
    proof !== null &&
      h(
        "dl",
        {},
        ...pair(BEYOND, (solution.axioms ?? []).join(", ") || "none"),
        ...pair("kernel", kernels(solution.toolchain ?? "")),
        ...pair("toolchain", solution.toolchain ?? ""),
        ...(solution.origin ? pair("found by", solution.origin) : []),
      ),
    proof !== null && h("p", {}, h("button", { type: "button", click: () => open(proof) }, "Open in the editor")),
    solution.program !== null && h("h3", {}, "Program"),
    solution.program !== null && h("pre", {}, solution.program),
    second !== null && h("h3", {}, "Second program"),
    second !== null && h("pre", {}, second),
    votes.length > 0 && h("p", { class: "quiet" }, `votes: ${votes.join(", ")}`),
  ].filter((node) => node !== false);
}
