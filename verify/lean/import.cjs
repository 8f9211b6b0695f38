// Exported text to Lean objects, for the judge. The text comes from a process that a candidate may have taken
// over, so exactly one way of writing each line is understood: the one of export.cjs.
//
// importText(server, text) returns {names, expressions, declarations}: two Lean arrays (owned by the caller) and
// the declarations as plain objects whose numbers are checked indices into them. Errors, with the line: Malformed for
// text that no exporter writes, TooLarge for text beyond a limit of this reader.
//
// What Lean's constructors take for granted is checked first: indices refer to earlier lines, bound variables stay
// below 2^19 (the cached range of loose ones has 20 bits), universe terms are few enough for their cached depth,
// strings are well-formed Unicode, and what a declaration refers to has no loose bound variable. Free variables and
// metavariables cannot be written at all.
"use strict";

const MAX_BYTES = 1 << 27;
const MAX_LINE = 1 << 20; // a pattern on a much longer line exhausts the stack
const MAX_LEVELS = 1 << 16;
const MAX_BOUND = 1 << 19;
const MAX_DIGITS = 100_000;
const SMALL = 1 << 30; // numbers below are boxed
const ANONYMOUS = 1; // lean_box(0)
const ARRAY_DATA = 4; // words
const BINDERS = new Map([
  ["default", 0],
  ["implicit", 1],
  ["strictImplicit", 2],
  ["instImplicit", 3],
]);

class Malformed extends Error {}
class TooLarge extends Error {}

const N = "(0|[1-9][0-9]{0,8})";
const S = '("(?:[^"\\\\\\u0000-\\u001f]|\\\\.)*")';
const line = (pattern) => new RegExp(`^\\{${pattern}\\}$`, "u");
const NAME_STRING = line(`"in":${N},"str":\\{"pre":${N},"str":${S}\\}`);
const NAME_NUMBER = line(`"in":${N},"num":\\{"pre":${N},"i":(0|[1-9][0-9]*)\\}`);
const LEVEL = line(`"il":${N},"(succ|param)":${N}`);
const LEVEL_PAIR = line(`"il":${N},"(max|imax)":\\[${N},${N}\\]`);
const APPLY = line(`"ie":${N},"app":\\{"fn":${N},"arg":${N}\\}`);
const BOUND = line(`"ie":${N},"(bvar|sort)":${N}`);
const CONST = line(`"ie":${N},"const":\\{"name":${N},"us":\\[((?:${N},)*${N})?\\]\\}`);
const BINDER = line(`"ie":${N},"(lam|forallE)":\\{"name":${N},"type":${N},"body":${N},"binderInfo":"([a-zA-Z]+)"\\}`);
const LET = line(`"ie":${N},"letE":\\{"name":${N},"type":${N},"value":${N},"body":${N},"nondep":(true|false)\\}`);
const NATURAL = line(`"ie":${N},"natVal":"(0|[1-9][0-9]*)"`);
const STRING = line(`"ie":${N},"strVal":${S}`);
const PROJECTION = line(`"ie":${N},"proj":\\{"typeName":${N},"idx":${N},"struct":${N}\\}`);
const META = /^\{"meta":\{[^\n]*\}\}$/u;

// Shapes of declarations: every key, in order. `n` a name, `e` a closed expression, `#` a number.
const HEAD = [["name", "n"], ["levelParams", "[n"], ["type", "e"]];
const shape = (...rest) => [...HEAD, ...rest];
const TYPE = shape(
  ["numParams", "#"], ["numIndices", "#"], ["all", "[n"], ["ctors", "[n"], ["numNested", "#"],
  ["isRec", "?"], ["isUnsafe", "?"], ["isReflexive", "?"],
);
const CONSTRUCTOR = shape(["induct", "n"], ["cidx", "#"], ["numParams", "#"], ["numFields", "#"], ["isUnsafe", "?"]);
const RULE = [["ctor", "n"], ["nfields", "#"], ["rhs", "e"]];
const RECURSOR = shape(
  ["all", "[n"], ["numParams", "#"], ["numIndices", "#"], ["numMotives", "#"], ["numMinors", "#"],
  ["rules", RULE], ["k", "?"], ["isUnsafe", "?"],
);
const DECLARATIONS = {
  axiom: shape(["isUnsafe", "?"]),
  def: shape(["value", "e"], ["hints", "hints"], ["safety", ["unsafe", "safe", "partial"].join()], ["all", "[n"]),
  thm: shape(["value", "e"], ["all", "[n"]),
  opaque: shape(["value", "e"], ["isUnsafe", "?"], ["all", "[n"]),
  quot: shape(["kind", ["type", "ctor", "lift", "ind"].join()]),
  inductive: [["types", TYPE], ["ctors", CONSTRUCTOR], ["recs", RECURSOR]],
};

class Importer {
  constructor(server) {
    this.server = server;
    this.call = server.lean.call;
    this.names = [ANONYMOUS];
    this.levels = [this.call("lean_level_mk_zero", ANONYMOUS)];
    this.expressions = [];
    this.loose = []; // one more than the largest loose bound variable of each expression
    this.declarations = [];
  }

  // Throws before any reference is taken, so that malformed text leaves nothing behind.
  need(table, ...indices) {
    for (const index of indices) {
      if (Number(index) >= table.length) throw new Malformed(`index ${index} is not defined yet`);
    }
  }

  at(table, index) {
    this.need(table, index);
    return this.server.keep(table[Number(index)]);
  }

  // The index that a line defines must be the next one.
  define(table, index, object) {
    if (Number(index) !== table.length) throw new Malformed(`index ${index} where ${table.length} is due`);
    table.push(object());
  }

  object(tag, fields) {
    const size = (8 + 4 * fields.length + 7) & ~7;
    const object = this.server.memory("mi_malloc_small", size);
    const words = this.server.words();
    words[object >> 2] = 1;
    words[(object >> 2) + 1] = (tag << 24) | (fields.length << 16) | size;
    fields.forEach((field, i) => (words[(object >> 2) + 2 + i] = field));
    return object;
  }

  list(objects) {
    return objects.reduceRight((rest, first) => this.object(1, [first, rest]), ANONYMOUS);
  }

  array(objects) {
    const array = this.call("lean_mk_array", this.boxed(objects.length), ANONYMOUS);
    this.server.words().set(objects, (array >> 2) + ARRAY_DATA);
    return array;
  }

  boxed(number) {
    return number * 2 + 1;
  }

  shortEnough(digits) {
    if (digits.length > MAX_DIGITS) throw new TooLarge(`a number of more than ${MAX_DIGITS} digits`);
  }

  natural(digits) {
    this.shortEnough(digits);
    if (Number(digits) < SMALL) return this.boxed(Number(digits));
    const buffer = this.server.memory("malloc", digits.length + 1);
    new Uint8Array(this.server.lean.memory.buffer).set(Buffer.from(digits + "\0"), buffer);
    const object = this.call("lean_cstr_to_nat", buffer);
    this.call("free", buffer);
    return object;
  }

  // The bytes of a JSON string.
  unquoted(literal) {
    let text;
    try {
      text = JSON.parse(literal);
    } catch {
      throw new Malformed("a string is not JSON");
    }
    if (JSON.stringify(text) !== literal) throw new Malformed("a string is written in another way");
    if (!text.isWellFormed()) throw new Malformed("a string is not Unicode");
    return Buffer.from(text);
  }

  expression(index, loose, object) {
    if (loose > MAX_BOUND) throw new TooLarge(`a bound variable below more than ${MAX_BOUND} binders`);
    this.define(this.expressions, index, object);
    this.loose.push(loose);
  }

  looseOf(index) {
    const place = Number(index);
    if (place >= this.loose.length) throw new Malformed(`index ${index} is not defined yet`);
    return this.loose[place];
  }

  line(text) {
    let m;
    if ((m = APPLY.exec(text))) {
      const loose = Math.max(this.looseOf(m[2]), this.looseOf(m[3]));
      this.expression(m[1], loose, () =>
        this.call("l_Lean_Expr_app___override", this.at(this.expressions, m[2]), this.at(this.expressions, m[3])),
      );
    } else if ((m = BINDER.exec(text))) {
      const info = BINDERS.get(m[6]);
      if (info === undefined) throw new Malformed("an unknown kind of binder");
      const loose = Math.max(this.looseOf(m[4]), this.looseOf(m[5]) - 1);
      this.expression(m[1], loose, () =>
        this.call(
          m[2] === "lam" ? "l_Lean_Expr_lam___override" : "l_Lean_Expr_forallE___override",
          this.at(this.names, m[3]), this.at(this.expressions, m[4]), this.at(this.expressions, m[5]), info,
        ),
      );
    } else if ((m = CONST.exec(text))) {
      const us = m[3] === undefined ? [] : m[3].split(",");
      this.need(this.names, m[2]);
      this.need(this.levels, ...us);
      this.expression(m[1], 0, () => {
        const levels = this.list(us.map((u) => this.at(this.levels, u)));
        return this.call("l_Lean_Expr_const___override", this.at(this.names, m[2]), levels);
      });
    } else if ((m = BOUND.exec(text))) {
      if (m[2] === "sort") {
        this.expression(m[1], 0, () => this.call("l_Lean_Expr_sort___override", this.at(this.levels, m[3])));
      } else {
        this.expression(m[1], Number(m[3]) + 1, () =>
          this.call("l_Lean_Expr_bvar___override", this.boxed(Number(m[3]))),
        );
      }
    } else if ((m = NAME_STRING.exec(text))) {
      const text = this.unquoted(m[3]);
      this.define(this.names, m[1], () =>
        this.call("l_Lean_Name_str___override", this.at(this.names, m[2]), this.server.string(text)),
      );
    } else if ((m = NAME_NUMBER.exec(text))) {
      this.shortEnough(m[3]);
      this.define(this.names, m[1], () =>
        this.call("l_Lean_Name_num___override", this.at(this.names, m[2]), this.natural(m[3])),
      );
    } else if ((m = LEVEL.exec(text))) {
      this.level(m[1], () =>
        m[2] === "succ"
          ? this.call("lean_level_mk_succ", this.at(this.levels, m[3]))
          : this.call("lean_level_mk_param", this.at(this.names, m[3])),
      );
    } else if ((m = LEVEL_PAIR.exec(text))) {
      this.need(this.levels, m[3], m[4]);
      this.level(m[1], () => this.call(`lean_level_mk_${m[2]}`, this.at(this.levels, m[3]), this.at(this.levels, m[4])));
    } else if ((m = LET.exec(text))) {
      const loose = Math.max(this.looseOf(m[3]), this.looseOf(m[4]), this.looseOf(m[5]) - 1);
      this.expression(m[1], loose, () =>
        this.call(
          "l_Lean_Expr_letE___override",
          this.at(this.names, m[2]), this.at(this.expressions, m[3]), this.at(this.expressions, m[4]),
          this.at(this.expressions, m[5]), m[6] === "true" ? 1 : 0,
        ),
      );
    } else if ((m = NATURAL.exec(text))) {
      this.expression(m[1], 0, () => this.call("l_Lean_Expr_lit___override", this.object(0, [this.natural(m[2])])));
    } else if ((m = STRING.exec(text))) {
      this.expression(m[1], 0, () => this.call("l_Lean_Expr_lit___override", this.object(1, [this.server.string(this.unquoted(m[2]))])));
    } else if ((m = PROJECTION.exec(text))) {
      this.expression(m[1], this.looseOf(m[4]), () =>
        this.call(
          "l_Lean_Expr_proj___override",
          this.at(this.names, m[2]), this.boxed(Number(m[3])), this.at(this.expressions, m[4]),
        ),
      );
    } else this.declaration(text);
  }

  level(index, object) {
    if (this.levels.length >= MAX_LEVELS) throw new TooLarge(`more than ${MAX_LEVELS} universe terms`);
    this.define(this.levels, index, object);
  }

  declaration(text) {
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      throw new Malformed("not a line of the format");
    }
    // The same text again: no key twice, no number written in another way, no space.
    if (value === null || typeof value !== "object" || JSON.stringify(value) !== text) {
      throw new Malformed("not a line of the format");
    }
    const [kind, ...more] = Object.keys(value);
    if (more.length > 0 || !Object.hasOwn(DECLARATIONS, kind)) throw new Malformed("not a line of the format");
    this.record(value[kind], DECLARATIONS[kind]);
    this.declarations.push(value);
  }

  record(value, keys) {
    if (value === null || typeof value !== "object" || Object.keys(value).join() !== keys.map(([key]) => key).join()) {
      throw new Malformed("a declaration has other keys than its kind");
    }
    for (const [key, kind] of keys) this.part(value[key], kind);
  }

  part(value, kind) {
    const index = (limit) => Number.isSafeInteger(value) && value >= 0 && value < limit;
    let good;
    if (Array.isArray(kind)) {
      if (!Array.isArray(value)) throw new Malformed("a list is missing");
      value.forEach((item) => this.record(item, kind));
      good = true;
    } else if (kind === "n") good = index(this.names.length) && value > 0;
    else if (kind === "e") good = index(this.expressions.length) && this.loose[value] === 0;
    else if (kind === "#") good = index(SMALL);
    else if (kind === "?") good = typeof value === "boolean";
    else if (kind === "[n") {
      good = Array.isArray(value) && value.every((i) => Number.isSafeInteger(i) && i > 0 && i < this.names.length);
    } else if (kind === "hints") {
      if (typeof value === "string") good = value === "opaque" || value === "abbrev";
      else if (value !== null && typeof value === "object" && Object.keys(value).join() === "regular") {
        good = Number.isSafeInteger(value.regular) && value.regular >= 0 && value.regular < 2 ** 32;
      } else good = false;
    } else good = typeof value === "string" && kind.split(",").includes(value);
    if (!good) throw new Malformed("a part of a declaration is not what its key asks for");
  }

  free() {
    for (const object of [...this.names, ...this.levels, ...this.expressions]) this.server.release(object);
  }
}

function importText(server, text) {
  if (text.length > MAX_BYTES) throw new TooLarge(`more than ${MAX_BYTES} characters`);
  const importer = new Importer(server);
  let number = 0;
  try {
    const lines = text.split("\n");
    if (text !== "" && lines.pop() !== "") throw new Malformed("the last line does not end");
    for (const content of text === "" ? [] : lines) {
      number++;
      if (content.length > MAX_LINE) throw new TooLarge(`a line of more than ${MAX_LINE} characters`);
      if (number === 1) {
        if (!META.test(content)) throw new Malformed("the first line does not describe the format");
        continue;
      }
      importer.line(content);
    }
  } catch (error) {
    importer.free();
    if (error instanceof Malformed || error instanceof TooLarge) error.message = `line ${number}: ${error.message}`;
    throw error;
  }
  const names = importer.array(importer.names);
  const expressions = importer.array(importer.expressions);
  importer.levels.forEach((level) => server.release(level));
  return { names, expressions, declarations: importer.declarations };
}

module.exports = { Malformed, TooLarge, importText };
