/** The page: tabs, the key, history and links. `proof.ts` and `question.ts` are the two tabs. */

import { setKey, whenKeyNeeded } from "./api";
import { byId, h } from "./dom";
import { entries, forget, link, shared, type Entry } from "./keep";
import { ProofTab } from "./proof";
import { QuestionTab } from "./question";

const NAMES: Record<Entry["kind"], string> = { check: "checked", prove: "search", solve: "asked" };
const tabs = [byId("tab-lean"), byId("tab-ask")];

function select(tab: HTMLElement, focus = false): void {
  for (const each of tabs) {
    const chosen = each === tab;
    each.setAttribute("aria-selected", String(chosen));
    each.tabIndex = chosen ? 0 : -1;
    byId(each.getAttribute("aria-controls")!).hidden = !chosen;
  }
  if (focus) tab.focus();
}

let fading = 0;

function toast(text: string): void {
  byId("toast").textContent = text;
  clearTimeout(fading);
  fading = window.setTimeout(() => byId("toast").replaceChildren(), 6000);
}

async function share(kind: "lean" | "ask", text: string): Promise<void> {
  const address = await link(kind, text);
  history.replaceState(null, "", address);
  try {
    await navigator.clipboard.writeText(address);
    toast("The link is copied.");
  } catch {
    toast("The link is in the address bar: copy it from there.");
  }
}

function showHistory(): void {
  const kept = entries();
  byId("forget").hidden = kept.length === 0;
  byId("history").replaceChildren(
    ...(kept.length === 0 ? [h("li", { class: "quiet" }, "Nothing yet.")] : kept.map(historyItem)),
  );
}

function historyItem(entry: Entry): HTMLLIElement {
  const first = entry.text.split("\n").find((line) => /\b(theorem|lemma|example)\b/.test(line)) ?? entry.text.split("\n")[0]!;
  const when = new Date(entry.when).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  const button = h(
    "button",
    { type: "button", click: () => bring(entry.kind === "solve" ? "ask" : "lean", entry.text) },
    h("small", {}, NAMES[entry.kind]),
    h("code", {}, first),
    h("small", {}, `${entry.good ? "✓ " : ""}${entry.outcome} · ${when}`),
  );
  return h("li", {}, button);
}

/** Put a text where it belongs, and show that tab. */
function bring(kind: "lean" | "ask", text: string): void {
  if (kind === "lean") {
    select(tabs[0]!);
    proof.open(text);
  } else {
    select(tabs[1]!);
    question.open(text);
  }
  scrollTo({ top: 0 });
}

async function fromLink(): Promise<void> {
  const found = await shared(location.hash);
  if (found !== null) bring(found.kind, found.text);
  else if (/^#(lean|ask)=/.test(location.hash)) toast("This link is damaged: ask for it again.");
}

const proof = new ProofTab({ share: (text) => share("lean", text), kept: showHistory });
const question = new QuestionTab({
  share: (text) => share("ask", text),
  kept: showHistory,
  open: (source) => bring("lean", source),
});

for (const tab of tabs) {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") select(tabs[1 - tabs.indexOf(tab)]!, true);
  });
}
whenKeyNeeded((why) => {
  byId("key-form").hidden = false;
  byId("key-note").textContent = why.startsWith("Invalid") ? "The server does not know this key." : "This server asks for one.";
});
byId<HTMLFormElement>("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  setKey(byId<HTMLInputElement>("key").value);
  byId("key-form").hidden = true;
  proof.check();
});
byId("forget").addEventListener("click", () => {
  forget();
  showHistory();
});
window.addEventListener("hashchange", () => void fromLink());
showHistory();
void fromLink();
