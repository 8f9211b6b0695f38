// Strict parser of the export format of lean4export, version 3.1 (leanprover/lean4export, format_ndjson.md).
//
// Each line is one JSON object of exactly a shape listed there; indices count up without gaps from 1 (names, levels:
// 0 is the anonymous name and the level zero) and 0 (expressions) and refer backwards only. The `meta` line may be
// missing. Whatever else is refused as `malformed`, with the line.
//
// A name becomes a string, which is what the rest of the kernel compares. That string is injective: the parts are
// joined by dots, and a part that has a dot, a space or a guillemet, is empty or looks like a number stands between
// guillemets with every closing one doubled; numeric parts are digits. So «a.b» is not a.b.
//
// Dropped, since typing does not depend on it: names and kinds of binders, mdata, `nondep`, `all`.
"use strict";
const { isCount, isText, read } = require("./json.cjs");
const { decline, reject } = require("./refusal.cjs");

const MAX_INDEX = 2 ** 31; // of a bound variable, of a field
const MAX_DIGITS = 1_000_000;
const BINDERS = new Set(["default", "implicit", "strictImplicit", "instImplicit"]);
const KINDS = { type: "Quot", ctor: "Quot.mk", lift: "Quot.lift", ind: "Quot.ind" };

const isFlag = (value) => typeof value === "boolean";
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isPair = (value) => Array.isArray(value) && value.length === 2 && value.every(isCount);

// Shapes: what each key of an object holds. A function tests; "name", "names", "level" ... are references.
const DECLARATION = { name: "name", levelParams: "names", type: "expr" };
const MEMBER = { ...DECLARATION, isUnsafe: isFlag };
const SHAPES = {
  axiom: MEMBER,
  def: { ...DECLARATION, value: "expr", hints: isHint, safety: isSafety, all: "names" },
  opaque: { ...MEMBER, value: "expr", all: "names" },
  thm: { ...DECLARATION, value: "expr", all: "names" },
  quot: { ...DECLARATION, kind: (value) => isText(value) && Object.hasOwn(KINDS, value) },
  inductive: { types: Array.isArray, ctors: Array.isArray, recs: Array.isArray },
};
const INDUCT = {
  ...MEMBER, numParams: isCount, numIndices: isCount, all: "names", ctors: "names",
  numNested: isCount, isRec: isFlag, isReflexive: isFlag,
};
const CTOR = { ...MEMBER, induct: "name", cidx: isCount, numParams: isCount, numFields: isCount };
const REC = {
  ...MEMBER, all: "names", numParams: isCount, numIndices: isCount, numMotives: isCount,
  numMinors: isCount, rules: Array.isArray, k: isFlag,
};
const RULE = { ctor: "name", nfields: isCount, rhs: "expr" };
const BINDER = { name: "name", type: "open", body: "open", binderInfo: (value) => BINDERS.has(value) };
const LET = { name: "name", type: "open", value: "open", body: "open", nondep: isFlag };

function isHint(value) {
  if (isText(value)) return value === "opaque" || value === "abbrev";
  return isObject(value) && Object.keys(value).length === 1 && isCount(value.regular);
}

function isSafety(value) {
  return value === "safe" || value === "unsafe" || value === "partial";
}

function showPart(part) {
  return /^[^.«»\s]+$/.test(part) && !/^[0-9]+$/.test(part) ? part : `«${part.replaceAll("»", "»»")}»`;
}

class Parser {
  constructor(store) {
    this.store = store;
    this.names = [""];
    this.levels = [store.zero];
    this.exprs = [];
    this.mentioned = new Set(); // constants and structure types that some expression names
    this.line = 0;
  }

  malformed(what) {
    return reject("malformed", `line ${this.line}: ${what}`);
  }

  fail(what) {
    throw this.malformed(what);
  }

  // All declarations of the text, in order; an `inductive` is one of them.
  parse(text) {
    const found = [];
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf("\n", at);
      this.line++;
      const declaration = this.parseLine(this.read(text.slice(at, end < 0 ? text.length : end)));
      if (declaration !== null) found.push(declaration);
      at = end < 0 ? text.length : end + 1;
    }
    return found;
  }

  read(line) {
    this.store.spend(1);
    try {
      const value = read(line);
      return isObject(value) ? value : this.fail("an object expected");
    } catch (error) {
      throw error instanceof SyntaxError ? this.malformed(error.message) : error;
    }
  }

  parseLine(object) {
    const keys = Object.keys(object);
    if (Object.hasOwn(object, "ie")) this.define(object, keys, "ie", this.exprs, EXPRESSIONS);
    else if (Object.hasOwn(object, "in")) this.define(object, keys, "in", this.names, NAMES);
    else if (Object.hasOwn(object, "il")) this.define(object, keys, "il", this.levels, LEVELS);
    else return this.declaration(object, keys);
    return null;
  }

  define(object, keys, tag, table, makers) {
    const kind = keys[0] === tag ? keys[1] : keys[0];
    if (keys.length !== 2 || !Object.hasOwn(makers, kind)) this.fail(`unknown keys ${keys.join(", ")}`);
    if (object[tag] !== table.length) this.fail(`"${tag}" must be ${table.length} here`);
    table.push(makers[kind](this, object[kind]));
  }

  refer(table, index, what) {
    if (!isCount(index) || index >= table.length) this.fail(`no ${what} ${String(index)} before this line`);
    return table[index];
  }

  name(index) {
    return this.refer(this.names, index, "name");
  }

  level(index) {
    return this.refer(this.levels, index, "level");
  }

  // An expression that may have loose bound variables.
  open(index) {
    return this.refer(this.exprs, index, "expression");
  }

  expr(index) {
    const found = this.open(index);
    if (found.range !== 0) this.fail("a loose bound variable in a declaration");
    return found;
  }

  list(value, item) {
    if (!Array.isArray(value)) this.fail("a list expected");
    return value.map((index) => this[item](index));
  }

  // The object with its references resolved; exactly the keys of the shape.
  fields(object, shape) {
    if (!isObject(object)) this.fail("an object expected");
    for (const key in object) if (!Object.hasOwn(shape, key)) this.fail(`unknown key ${key}`);
    const found = {};
    for (const key in shape) {
      if (!Object.hasOwn(object, key)) this.fail(`the key ${key} is missing`);
      const rule = shape[key];
      if (rule === "names") found[key] = this.list(object[key], "name");
      else if (typeof rule === "string") found[key] = this[rule](object[key]);
      else if (rule(object[key])) found[key] = object[key];
      else this.fail(`a bad value of ${key}`);
    }
    return found;
  }

  declaration(object, keys) {
    const kind = keys[0];
    if (keys.length !== 1) this.fail(`unknown keys ${keys.join(", ")}`);
    if (kind === "meta") return this.meta(object.meta);
    if (!Object.hasOwn(SHAPES, kind)) this.fail(`unknown key ${kind}`);
    const found = { ...this.fields(object[kind], SHAPES[kind]), line: this.line };
    if (kind === "inductive") {
      found.types = found.types.map((value) => this.constant("induct", this.fields(value, INDUCT)));
      found.ctors = found.ctors.map((value) => this.constant("ctor", this.fields(value, CTOR)));
      found.recs = found.recs.map((value) => this.recursor(value));
      if (found.types.length === 0) this.fail("an inductive declaration without a type");
      return { ...found, kind, name: found.types[0].name };
    }
    if (kind === "quot" && KINDS[found.kind] !== found.name) this.fail("a quot declaration of another name");
    return this.constant(kind, kind === "quot" ? { ...found, quot: found.kind } : found);
  }

  constant(kind, found) {
    if (found.name === "" || found.levelParams.includes("")) this.fail("the anonymous name is declared");
    return { ...found, kind, unsafe: found.isUnsafe === true || (kind === "def" && found.safety !== "safe") };
  }

  recursor(value) {
    const found = this.fields(value, REC);
    return this.constant("rec", { ...found, rules: found.rules.map((rule) => this.fields(rule, RULE)) });
  }

  meta(value) {
    if (this.line !== 1) this.fail("meta must be the first line");
    const both = (part) => isObject(part) && Object.keys(part).length === 2 && Object.values(part).every(isText);
    const { exporter, lean, format } = this.fields(value, {
      exporter: (part) => both(part) && isText(part.name) && isText(part.version),
      lean: (part) => both(part) && isText(part.githash) && isText(part.version),
      format: (part) => isObject(part) && Object.keys(part).join() === "version" && isText(part.version),
    });
    if (!exporter || !lean || !/^3\.1\.[0-9]+$/.test(format.version))
      throw decline("format", `version ${format.version} of the export format; 3.1 is read here`);
    return null;
  }
}

const NAMES = {
  str(parser, value) {
    const { pre, str } = parser.fields(value, { pre: "name", str: isText });
    return pre === "" ? showPart(str) : `${pre}.${showPart(str)}`;
  },
  num(parser, value) {
    const { pre, i } = parser.fields(value, { pre: "name", i: isCount });
    return pre === "" ? String(i) : `${pre}.${i}`;
  },
};

const LEVELS = {
  succ: (parser, value) => parser.store.succ(parser.level(value)),
  max: (parser, value) => parser.store.max(...two(parser, value)),
  imax: (parser, value) => parser.store.imax(...two(parser, value)),
  param(parser, value) {
    const name = parser.name(value);
    return name === "" ? parser.fail("an anonymous level parameter") : parser.store.param(name);
  },
};

function two(parser, value) {
  if (!isPair(value)) parser.fail("a pair of levels expected");
  return value.map((index) => parser.level(index));
}

const EXPRESSIONS = {
  bvar(parser, value) {
    return isCount(value) && value < MAX_INDEX ? parser.store.bvar(value) : parser.fail("a bad bvar");
  },
  sort: (parser, value) => parser.store.sort(parser.level(value)),
  const(parser, value) {
    const { name, us } = parser.fields(value, { name: "name", us: Array.isArray });
    parser.mentioned.add(name);
    return parser.store.const(name, parser.store.list(parser.list(us, "level")));
  },
  app(parser, value) {
    const { fn, arg } = parser.fields(value, { fn: "open", arg: "open" });
    return parser.store.app(fn, arg);
  },
  lam(parser, value) {
    const { type, body } = parser.fields(value, BINDER);
    return parser.store.lam(type, body);
  },
  forallE(parser, value) {
    const { type, body } = parser.fields(value, BINDER);
    return parser.store.pi(type, body);
  },
  letE(parser, value) {
    const { type, value: bound, body } = parser.fields(value, LET);
    return parser.store.let(type, bound, body);
  },
  proj(parser, value) {
    const small = (index) => isCount(index) && index < MAX_INDEX;
    const { typeName, idx, struct } = parser.fields(value, { typeName: "name", idx: small, struct: "open" });
    parser.mentioned.add(typeName);
    return parser.store.proj(typeName, idx, struct);
  },
  natVal(parser, value) {
    if (!isText(value) || value.length > MAX_DIGITS || !/^(?:0|[1-9][0-9]*)$/.test(value))
      parser.fail("natVal must be a plain decimal string");
    return parser.store.nat(BigInt(value));
  },
  strVal: (parser, value) => (isText(value) ? parser.store.str(value) : parser.fail("strVal must be a string")),
  mdata: (parser, value) => parser.fields(value, { expr: "open", data: isObject }).expr,
};

module.exports = { Parser };
