/** Lean 4 for CodeMirror: colours by a small stream parser, and symbols from `\`-abbreviations. */

import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { HighlightStyle, StreamLanguage, syntaxHighlighting, type StringStream } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { ABBREVIATIONS } from "./abbreviations";

const COMMANDS = words(`theorem lemma example def abbrev instance structure inductive class axiom opaque variable
  variables universe universes import open namespace section end export private protected noncomputable mutual
  deriving extends where attribute set_option macro syntax notation infix infixl infixr prefix postfix local scoped
  unsafe partial nonrec termination_by decreasing_by`);
const TERMS = words(`by fun let have show from at in if then else match with do return for calc suffices obtain this
  rcases intro intros exact apply refine rfl simp omega decide induction cases constructor rw rewrite exists use norm_num
  ring linarith nlinarith positivity grind simp_all unfold trivial contradiction exfalso left right ext funext congr
  assumption subst injection specialize generalize split next case rintro nomatch only using generalizing`);
const TYPES = words("Nat Int Rat Real Bool Prop Type Sort String Char List Array Option Fin Unit ℕ ℤ ℚ ℝ ℂ");

function words(text: string): Set<string> {
  return new Set(text.split(/\s+/));
}

interface State {
  comment: number; // depth: block comments nest
}

function token(stream: StringStream, state: State): string | null {
  if (state.comment > 0) return inComment(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match("--")) {
    stream.skipToEnd();
    return "comment";
  }
  if (stream.match("/-")) {
    state.comment = 1;
    return inComment(stream, state);
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
  if (stream.match(/^(?:0x[\da-fA-F]+|0b[01]+|\d+(?:\.\d+)?)/)) return "number";
  if (stream.match(/^[\p{L}_«][\p{L}\p{N}_'!?«»₀-₉]*(?:\.[\p{L}_«][\p{L}\p{N}_'!?«»₀-₉]*)*/u)) {
    const word = stream.current();
    if (word === "sorry" || word === "admit") return "invalid";
    if (COMMANDS.has(word)) return "keyword";
    if (TERMS.has(word)) return "controlKeyword";
    return TYPES.has(word) ? "typeName" : "variableName";
  }
  if (stream.match(/^[()[\]{}⟨⟩]/)) return "bracket";
  if (stream.match(/^[:=<>+\-*/^|&!∀∃λ→←↔↦∧∨¬≤≥≠∣∈∉⊆∪∩×∘⊢·•∑∏,.;]/u)) return "operator";
  stream.next();
  return null;
}

function inComment(stream: StringStream, state: State): string {
  while (!stream.eol()) {
    if (stream.match("-/")) {
      state.comment -= 1;
      if (state.comment === 0) break;
    } else if (stream.match("/-")) state.comment += 1;
    else stream.next();
  }
  return "comment";
}

const language = StreamLanguage.define<State>({
  name: "lean",
  startState: () => ({ comment: 0 }),
  token,
  languageData: { commentTokens: { line: "--", block: { open: "/-", close: "-/" } } },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-command)", fontWeight: "600" },
  { tag: tags.controlKeyword, color: "var(--code-term)" },
  { tag: tags.typeName, color: "var(--code-type)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.string, tags.number], color: "var(--code-literal)" },
  { tag: tags.invalid, color: "var(--warn)", fontWeight: "600" },
]);

const WRITTEN = /\\[^\s\\]+$/;
const ENDS = /^[\s()[\]{},;]$/;

/** What follows an abbreviation turns it into its symbol: `\N ` becomes `ℕ `. */
const replace = EditorView.inputHandler.of((view, from, to, text) => {
  if (!ENDS.test(text) || view.state.readOnly) return false;
  const line = view.state.doc.lineAt(from);
  const written = WRITTEN.exec(line.text.slice(0, from - line.from))?.[0];
  const symbol = written === undefined ? undefined : ABBREVIATIONS[written.slice(1)];
  if (written === undefined || symbol === undefined) return false;
  const start = from - written.length;
  view.dispatch({
    changes: { from: start, to, insert: symbol + text },
    selection: { anchor: start + symbol.length + text.length },
    userEvent: "input.type",
  });
  return true;
});

const OPTIONS: Completion[] = Object.entries(ABBREVIATIONS).map(([name, symbol]) => ({
  label: `\\${name}`,
  detail: symbol,
  apply: symbol,
}));

function complete(context: CompletionContext): CompletionResult | null {
  const written = context.matchBefore(/\\[^\s\\]*/);
  return written === null ? null : { from: written.from, options: OPTIONS, validFor: /^\\[^\s\\]*$/ };
}

export function lean(): Extension {
  return [language, syntaxHighlighting(colours), replace, autocompletion({ override: [complete], icons: false })];
}
