/** The proof tab: the editor with live verdicts and goals, and the search for a proof. */

import { post, stream, Trouble, type Attempt, type Event, type Goals, type Message, type Proof, type Verdict } from "./api";
import { byId, count, h } from "./dom";
import { Editor } from "./editor";
import { draft, keepDraft, remember } from "./keep";
import { statementAt, whole } from "./statement";
import { attemptItem, banner, certificate, goalsView, messageItem, proofCertificate, type Mood } from "./views";

const QUIET_MS = 600; // typing has stopped
const NOTATION = " To write ℕ, ℤ and ℚ, begin the file with “import Mathlib”; else write Nat and Int.";
const EXAMPLES: Record<string, string> = {
  "A sum the other way round": "theorem sum_comm (a b c : Nat) : a + b + c = c + b + a := by\n  omega\n",
  "Induction": "theorem zero_add' (n : Nat) : 0 + n = n := by\n  induction n with\n  | zero => rfl\n  | succ n ih => rw [← Nat.add_assoc, ih]\n",
  "To be proved": "theorem square (a b : Nat) (h : a = b) : a * a = b * b := by\n  sorry\n",
  "With Mathlib's language": "import Mathlib\n\ntheorem sq_diff (a b : ℤ) : (a + b) * (a - b) = a ^ 2 - b ^ 2 := by\n  ring\n",
};

interface Surroundings {
  share: (text: string) => void;
  kept: () => void;
}

export class ProofTab {
  private readonly editor: Editor;
  private goals: Goals | null = null;
  private waiting = 0;
  private checking: AbortController | null = null;
  private searching: AbortController | null = null;

  constructor(private readonly around: Surroundings) {
    const first = draft() ?? Object.values(EXAMPLES)[0]!;
    this.editor = new Editor(byId("editor"), first, {
      changed: () => this.changed(),
      moved: () => this.showGoals(),
      check: () => this.check(),
    });
    byId("check").addEventListener("click", () => this.check());
    byId("prove").addEventListener("click", () => void this.prove());
    byId("stop-prove").addEventListener("click", () => this.searching?.abort());
    byId("share").addEventListener("click", () => around.share(this.editor.text));
    const examples = byId<HTMLSelectElement>("examples");
    examples.append(...Object.keys(EXAMPLES).map((name) => h("option", {}, name)));
    examples.addEventListener("change", () => {
      const text = EXAMPLES[examples.value];
      examples.value = "";
      if (text !== undefined) this.open(text);
    });
    this.check();
  }

  open(text: string): void {
    this.editor.set(text);
    this.check();
  }

  /** Ask for a verdict at once. */
  check(): void {
    clearTimeout(this.waiting);
    this.checking?.abort();
    const source = this.editor.text;
    if (source.trim() === "") {
      this.say("idle", "", "Write a theorem with its proof.");
      this.show([], null, null);
      return;
    }
    const asked = new AbortController();
    this.checking = asked;
    byId("verdict").setAttribute("aria-busy", "true");
    this.say("idle", "Checking …", "");
    void this.judge(source, asked.signal);
    void this.askGoals(source, asked.signal);
  }

  private changed(): void {
    keepDraft(this.editor.text);
    this.checking?.abort(); // its answer would be about another text
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.check(), QUIET_MS);
  }

  private async judge(source: string, signal: AbortSignal): Promise<void> {
    try {
      const verdict = await post<Verdict>("v1/judge", { source }, signal);
      const { mood, head, text } = banner(verdict);
      const help = mood === "bad" && /[ℕℤℚ]/.test(source) && !/^\s*import Mathlib/m.test(source) ? NOTATION : "";
      this.say(mood, head, text + help, verdict.toolchain);
      this.show(verdict.messages, verdict, source);
      if (mood === "good") this.keep("check", source, "accepted", true);
    } catch (error) {
      if (signal.aborted) return;
      this.failed(error);
    }
  }

  private async askGoals(source: string, signal: AbortSignal): Promise<void> {
    try {
      this.goals = await post<Goals>("v1/goals", { source }, signal);
    } catch {
      if (signal.aborted) return;
      this.goals = null; // the banner says what is wrong: the judge was asked too
    }
    this.showGoals();
  }

  private showGoals(): void {
    const known = this.goals !== null;
    const place = this.goals === null ? null : this.editor.nearest([...this.goals.sorries, ...this.goals.tactics]);
    byId("goals").replaceChildren(...goalsView(place, known));
  }

  private show(messages: Message[], verdict: Verdict | null, source: string | null): void {
    if (source !== null && source !== this.editor.text) return;
    this.editor.show(messages);
    byId("messages").replaceChildren(
      ...(messages.length === 0
        ? [h("li", { class: "quiet" }, "None.")]
        : messages.map((message) => messageItem(message, () => this.editor.go(message.line, message.column)))),
    );
    const proved = verdict?.status === "accepted" ? verdict.theorems : [];
    byId("certificate-part").hidden = proved.length === 0;
    byId("certificate").replaceChildren(...(verdict === null ? [] : certificate(proved, verdict.toolchain)));
  }

  private failed(error: unknown): void {
    const trouble = error instanceof Trouble ? error : new Trouble("The page failed. Reload it.");
    const again = trouble.retryAfter !== null;
    this.say("warn", "No verdict.", again ? `${trouble.message} The page tries again by itself.` : trouble.message);
    if (again) this.waiting = window.setTimeout(() => this.check(), trouble.retryAfter! * 1000);
  }

  private say(mood: Mood, head: string, text: string, small = ""): void {
    const box = byId("verdict");
    box.dataset["state"] = mood;
    if (head !== "Checking …") box.removeAttribute("aria-busy");
    box.replaceChildren(h("strong", {}, head), ` ${text}`, ...(small === "" ? [] : [h("small", {}, small)]));
  }

  private async prove(): Promise<void> {
    const before = this.editor.text;
    const statement = statementAt(before, this.editor.cursor);
    byId("search").hidden = false;
    byId("attempts").replaceChildren();
    byId("search-result").replaceChildren();
    if (statement === null) {
      this.progress("There is no theorem here: write “theorem NAME BINDERS : TYPE”.");
      return;
    }
    const asked = new AbortController();
    this.searching = asked;
    this.running(true);
    this.progress("Searching …");
    let tried = 0;
    try {
      let result: Proof | null = null;
      for await (const event of attempts(statement, asked.signal)) {
        if (event.name === "result") result = event.data as Proof;
        if (event.name !== "attempt") continue;
        tried += 1;
        byId("attempts").prepend(attemptItem(event.data as Attempt));
        this.progress(`Searching: ${count(tried, "attempt")} so far …`);
      }
      if (result === null) throw new Trouble("The answer broke off. Try again.");
      this.found(result, before, statement);
    } catch (error) {
      const text = error instanceof Trouble ? error.message : "The page failed. Reload it.";
      this.progress(asked.signal.aborted ? `Stopped after ${count(tried, "attempt")}.` : text);
    } finally {
      this.running(false);
    }
  }

  private found(result: Proof, before: string, statement: string): void {
    const effort = `${count(result.attempts, "attempt")}, ${result.seconds.toFixed(1)} s`;
    const place = byId("search-result");
    this.keep("prove", statement, result.proof === null ? "not proved" : "proved", result.proof !== null);
    if (result.proof !== null) {
      const proof = whole(result.statement, result.proof, result.toolchain);
      this.progress(`Proved (${effort}).`);
      const put = h("button", { type: "button", click: () => this.open(proof) }, "Put it into the editor");
      const origin = h("p", { class: "quiet" }, `found by ${result.origin ?? "the search"}; now in the editor, with its certificate below`);
      const said = result.detail === "" ? [] : [h("p", {}, result.detail)];
      if (this.editor.text === before) {
        this.open(proof);
        place.replaceChildren(origin, ...said);
      } else place.replaceChildren(h("pre", {}, proof.trimEnd()), ...said, h("p", {}, put), ...proofCertificate(result)); // the person wrote on
      return;
    }
    if (result.disproof !== null) {
      this.progress(`The statement is false: its negation is proved (${effort}).`);
      place.replaceChildren(h("pre", {}, result.disproof));
      return;
    }
    this.progress(`Not proved (${effort}).`);
    const advice = "That no proof was found says nothing about the statement. Try a lemma on the way to it.";
    place.replaceChildren(h("p", { class: "quiet" }, `${result.detail} ${advice}`.trim()));
  }

  private running(yes: boolean): void {
    byId<HTMLButtonElement>("prove").disabled = yes;
    byId("stop-prove").hidden = !yes;
  }

  private progress(text: string): void {
    byId("search-state").textContent = text;
  }

  private keep(kind: "check" | "prove", text: string, outcome: string, good: boolean): void {
    remember({ when: Date.now(), kind, text, outcome, good });
    this.around.kept();
  }
}

/** The events of a search. Where the whole search is refused, as without a model, what needs no model is tried. */
async function* attempts(statement: string, signal: AbortSignal): AsyncGenerator<Event> {
  try {
    yield* stream("v1/prove", { statement }, signal);
  } catch (error) {
    if (!(error instanceof Trouble) || error.status !== 503) throw error;
    yield* stream("v1/prove", { statement, search: "automation,mathlib,disprove" }, signal);
  }
}
