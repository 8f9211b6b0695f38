/** The question tab: `/v1/solve` as it goes, then the answer with what stands behind it. */

import { stream, Trouble, type Attempt, type Solution } from "./api";
import { byId, h } from "./dom";
import { remember } from "./keep";
import { answerView, attemptItem, type Mood } from "./views";

const STAGES: Record<string, string> = {
  generating: "The model writes programs …",
  running: "The programs run …",
  comparing: "Their answers are compared …",
  proving: "Lean looks for a proof …",
};
const MOODS: Record<Solution["certificate"], Mood> = { lean: "good", python: "good", vote: "warn", none: "warn" };

interface Surroundings {
  share: (text: string) => void;
  kept: () => void;
  open: (source: string) => void;
}

export class QuestionTab {
  private readonly box = byId<HTMLTextAreaElement>("question");
  private asking: AbortController | null = null;

  constructor(private readonly around: Surroundings) {
    byId<HTMLFormElement>("ask-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.solve();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.solve();
    });
    byId("stop-solve").addEventListener("click", () => this.asking?.abort());
    byId("share-question").addEventListener("click", () => around.share(this.box.value));
  }

  open(text: string): void {
    this.box.value = text;
    this.box.focus();
  }

  private async solve(): Promise<void> {
    const question = this.box.value.trim();
    if (this.asking !== null) return;
    if (question === "") {
      this.say("idle", "", "Write a question first.");
      this.box.focus();
      return;
    }
    const asked = new AbortController();
    this.asking = asked;
    this.running(true);
    byId("answer-part").hidden = true;
    byId("drafts-part").hidden = true;
    byId("drafts").replaceChildren();
    this.say("idle", "Working.", "");
    try {
      let solution: Solution | null = null;
      for await (const event of stream("v1/solve", { question }, asked.signal)) {
        if (event.name === "result") solution = event.data as Solution;
        if (event.name === "stage") this.stage((event.data as { stage: string }).stage);
        if (event.name === "attempt") this.drafted(event.data as Attempt);
      }
      if (solution === null) throw new Trouble("The answer broke off. Try again.");
      this.answered(solution);
    } catch (error) {
      const text = error instanceof Trouble ? error.message : "The page failed. Reload it.";
      this.say(asked.signal.aborted ? "idle" : "warn", asked.signal.aborted ? "Stopped." : "No answer.", asked.signal.aborted ? "" : text);
    } finally {
      this.asking = null;
      this.running(false);
    }
  }

  private stage(name: string): void {
    this.say("idle", "Working.", STAGES[name] ?? `${name} …`);
  }

  private drafted(attempt: Attempt): void {
    byId("drafts-part").hidden = false;
    byId("drafts").append(attemptItem(attempt));
  }

  private answered(solution: Solution): void {
    const answer = solution.answer ?? "none";
    this.say(
      MOODS[solution.certificate],
      solution.answer === null ? "No answer." : `Answer: ${answer}`,
      `certificate: ${solution.certificate} (${solution.seconds.toFixed(1)} s)`,
    );
    byId("answer-part").hidden = false;
    byId("answer").replaceChildren(...answerView(solution, this.around.open));
    const good = solution.certificate === "lean" || solution.certificate === "python";
    remember({ when: Date.now(), kind: "solve", text: solution.question, outcome: `${answer} (${solution.certificate})`, good });
    this.around.kept();
  }

  private running(yes: boolean): void {
    byId<HTMLButtonElement>("solve").disabled = yes;
    byId("stop-solve").hidden = !yes;
    byId("solve-state").toggleAttribute("aria-busy", yes);
    if (yes) byId("solve-state").setAttribute("aria-busy", "true");
  }

  private say(mood: Mood, head: string, text: string): void {
    const box = byId("solve-state");
    box.dataset["state"] = mood;
    box.replaceChildren(h("strong", {}, head), ` ${text}`);
  }
}
