/** The Lean editor: text in and out, squiggles at messages, the place of the cursor as Lean counts. */

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, Prec, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import type { Message, Place } from "./api";
import { lean } from "./lean";

// CodeMirror lives in a shadow root: there it uses constructable style sheets, so that the page's
// content security policy need not allow inline styles. Colours come in as custom properties.
const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--card)", fontSize: "var(--code-size)", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "var(--editor-height)", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "12px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--card)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.2em", padding: "0 8px 0 4px" },
  ".cm-activeLine": { backgroundColor: "var(--line-tint)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy 1.2px", textUnderlineOffset: "4px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecorationColor: "var(--bad)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecorationColor: "var(--warn)" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecorationColor: "var(--quiet)" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--bad)" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker": { content: "none", width: "8px", height: "8px", borderRadius: "50%", margin: "0.55em auto 0" },
  ".cm-lint-marker-error": { content: "none", backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { content: "none", backgroundColor: "var(--warn)" },
  ".cm-lint-marker-info": { content: "none", backgroundColor: "var(--quiet)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--card)", border: "1px solid var(--rule)", borderRadius: "6px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "12em" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--card)", background: "var(--accent)" },
  ".cm-completionDetail": { fontStyle: "normal", marginLeft: "1em" },
  ".cm-diagnostic": { whiteSpace: "pre-wrap", fontFamily: "var(--mono)", fontSize: "0.92em", maxWidth: "60ch" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--warn)" },
  ".cm-diagnostic-info": { borderLeft: "3px solid var(--quiet)" },
});

export interface Handlers {
  changed: () => void;
  moved: () => void;
  check: () => void;
}

export class Editor {
  private readonly view: EditorView;

  constructor(host: HTMLElement, text: string, handlers: Handlers) {
    const root = host.attachShadow({ mode: "open" });
    const state = EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        indentUnit.of("  "),
        EditorView.lineWrapping,
        lean(),
        theme,
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (handlers.check(), true) }])),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({
          "aria-label": "Lean source. Control-Enter checks it.",
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) handlers.changed();
          if (update.docChanged || update.selectionSet) handlers.moved();
        }),
      ],
    });
    this.view = new EditorView({ state, parent: root, root });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Replace all of the text, with the cursor at its end; it can be undone. */
  set(written: string): void {
    const text = written.replaceAll("\r\n", "\n");
    const anchor = text.trimEnd().length;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text }, selection: { anchor } });
  }

  focus(): void {
    this.view.focus();
  }

  /** Put the cursor at a message, and show it. */
  go(line: number, column: number): void {
    const anchor = offset(this.view.state.doc, line, column);
    this.view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.view.focus();
  }

  get cursor(): number {
    return this.view.state.selection.main.head;
  }

  show(messages: Message[]): void {
    const doc = this.view.state.doc;
    this.view.dispatch(setDiagnostics(this.view.state, messages.map((message) => diagnostic(doc, message))));
  }

  /** The innermost place around the cursor, else the last one before it on its line or above. */
  nearest(places: Place[]): Place | null {
    const doc = this.view.state.doc;
    const at = this.cursor;
    let best: { place: Place; inside: boolean; start: number; end: number } | null = null;
    for (const place of places) {
      const start = offset(doc, place.line, place.column);
      const end = offset(doc, place.end_line, place.end_column);
      if (start > at) continue;
      const inside = at <= end;
      const better =
        best === null ||
        (inside !== best.inside ? inside : start !== best.start ? start > best.start : end < best.end);
      if (better) best = { place, inside, start, end };
    }
    return best?.place ?? null;
  }
}

/** Lean counts lines from 1 and columns in code points; CodeMirror counts UTF-16 units. */
function offset(doc: Text, line: number, column: number): number {
  if (line < 1) return 0;
  if (line > doc.lines) return doc.length;
  const found = doc.line(line);
  return Math.min(found.to, found.from + [...found.text].slice(0, column).join("").length);
}

function diagnostic(doc: Text, message: Message): Diagnostic {
  const from = offset(doc, message.line, message.column);
  const to = message.end_line === null ? from : offset(doc, message.end_line, message.end_column ?? 0);
  const rest = doc.lineAt(from).to;
  return { from, to: Math.max(from, to > from ? to : Math.min(from + 1, rest)), severity: message.severity, message: message.text };
}
