/** What "Prove this" asks for: the theorem at the cursor without its proof, after the head of the file. */

/** The text with comments and strings blanked, every offset as before. */
function blank(text: string): string {
  return text.replace(/\/-[\s\S]*?-\/|--[^\n]*|"(?:[^"\\]|\\.)*"/g, (found) => found.replace(/[^\n]/g, " "));
}

/** Head and statement of the theorem around or before `cursor`; null where the text has none. */
export function statementAt(text: string, cursor: number): string | null {
  const code = blank(text);
  const starts = [...code.matchAll(/(?<![\p{L}\p{N}_.«])(?:theorem|lemma)(?![\p{L}\p{N}_.'»])/gu)].map((found) => found.index);
  if (starts.length === 0) return null;
  const start = starts.filter((at) => at <= cursor).at(-1) ?? starts[0]!;
  const next = starts.find((at) => at > start) ?? text.length;
  let depth = 0;
  let end = next;
  for (let i = start; i < next; i += 1) {
    if ("([{⟨".includes(code[i]!)) depth += 1;
    if (")]}⟩".includes(code[i]!)) depth -= 1;
    if (depth === 0 && code.startsWith(":=", i)) {
      end = i;
      break;
    }
  }
  const theorem = text.slice(start, end).trimEnd().replace(/^lemma/, "theorem");
  return text.slice(0, starts[0]) + theorem;
}

/** The file that a statement and its proof make; Mathlib's language is imported where the proof was checked with it. */
export function whole(statement: string, proof: string, toolchain: string): string {
  const head = toolchain.includes("core+prelude") && !/^\s*import Mathlib/m.test(statement) ? "import Mathlib\n\n" : "";
  return `${head}${statement} := ${proof.trimEnd()}\n`;
}
