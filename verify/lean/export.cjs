// Lean's constants as text: lean4export's NDJSON format, version 3.1.0, which other checkers read too.
//
// exportConstants(lean, addresses) reads `ConstantInfo` objects where they lie in memory (lean.h,
// `lean_ctor_object`; src/Lean/Declaration.lean and Expr.lean for the order of fields) and returns the text.
// The constants come in the given order; those of an inductive type (types, constructors, recursors) as one
// line, where the last of them comes. Metadata is left out. Nothing here is trusted: the judge reads the text
// as it would read a stranger's. A free or meta variable is an error.
"use strict";

const TAG = 7, HEADER = 8, WORD = 4;
const STRING_DATA = 20;
const BIG_NUMBER = 250;
const BINDERS = ["default", "implicit", "strictImplicit", "instImplicit"];
const SAFETY = ["unsafe", "safe", "partial"];
const QUOTIENTS = ["type", "ctor", "lift", "ind"];
const EXPRESSION_DATA = 8; // bytes of `Expr.data`, before the binder's kind

// What an environment may hold and the format cannot: a reason to refuse. Any other error is the machine's.
class Unexportable extends Error {}

class Exporter {
  constructor(lean) {
    this.bytes = new Uint8Array(lean.memory.buffer);
    this.words = new Uint32Array(lean.memory.buffer);
    this.lines = [];
    this.names = new Map([[1, 0]]); // the boxed anonymous name
    this.nameCount = 1;
    this.nameByText = new Map();
    this.levels = new Map();
    this.levelByText = new Map();
    this.levelCount = 1;
    this.expressions = new Map();
    this.expressionByText = new Map();
  }

  tag(object) {
    return object & 1 ? object >>> 1 : this.bytes[object + TAG];
  }

  field(object, index) {
    return this.words[(object + HEADER) / WORD + index];
  }

  // The scalar byte at `offset` behind the `objects` fields.
  byte(object, objects, offset = 0) {
    return this.bytes[object + HEADER + objects * WORD + offset];
  }

  string(object) {
    const size = this.field(object, 0) - 1;
    return Buffer.from(this.bytes.slice(object + STRING_DATA, object + STRING_DATA + size)).toString("utf8");
  }

  list(object) {
    const items = [];
    for (; (object & 1) === 0; object = this.field(object, 1)) items.push(this.field(object, 0));
    return items;
  }

  // A large number is `mpz_object`: sign, number of 32-bit digits, address of the digits, lowest first.
  natText(object) {
    if (object & 1) return String(object >>> 1);
    if (this.bytes[object + TAG] !== BIG_NUMBER) throw new Error("not a natural number");
    const digits = this.field(object, 2) / WORD;
    let hex = "";
    for (let i = this.field(object, 1) - 1; i >= 0; i--) hex += this.words[digits + i].toString(16).padStart(8, "0");
    return BigInt(`0x${hex}`).toString();
  }

  nat(object) {
    return Number(this.natText(object));
  }

  // Objects that are equal need not be the same, so each is also looked up by its text.
  add(known, byText, object, text, next, index) {
    let place = byText.get(text);
    if (place === undefined) {
      place = next;
      byText.set(text, place);
      this.lines.push(`{"${index}":${place},${text}}`);
    }
    known.set(object, place);
    return place;
  }

  name(object) {
    const known = this.names.get(object);
    if (known !== undefined) return known;
    const prefix = this.name(this.field(object, 0));
    const part = this.field(object, 1);
    const text =
      this.tag(object) === 1
        ? `"str":{"pre":${prefix},"str":${JSON.stringify(this.string(part))}}`
        : `"num":{"pre":${prefix},"i":${this.natText(part)}}`;
    const place = this.add(this.names, this.nameByText, object, text, this.nameCount, "in");
    if (place === this.nameCount) this.nameCount++;
    return place;
  }

  level(object) {
    const known = this.levels.get(object);
    if (known !== undefined) return known;
    let text;
    switch (this.tag(object)) {
      case 0:
        this.levels.set(object, 0);
        return 0;
      case 1:
        text = `"succ":${this.level(this.field(object, 0))}`;
        break;
      case 2:
        text = `"max":[${this.level(this.field(object, 0))},${this.level(this.field(object, 1))}]`;
        break;
      case 3:
        text = `"imax":[${this.level(this.field(object, 0))},${this.level(this.field(object, 1))}]`;
        break;
      case 4:
        text = `"param":${this.name(this.field(object, 0))}`;
        break;
      default:
        throw new Unexportable("a universe metavariable is left");
    }
    const place = this.add(this.levels, this.levelByText, object, text, this.levelCount, "il");
    if (place === this.levelCount) this.levelCount++;
    return place;
  }

  expression(object) {
    const known = this.expressions.get(object);
    if (known !== undefined) return known;
    const at = (index) => this.field(object, index);
    const binder = (word, objects) =>
      `"${word}":{"name":${this.name(at(0))},"type":${this.expression(at(1))},"body":${this.expression(at(2))},` +
      `"binderInfo":"${BINDERS[this.byte(object, objects, EXPRESSION_DATA)]}"}`;
    let text;
    switch (this.tag(object)) {
      case 0:
        text = `"bvar":${this.natText(at(0))}`;
        break;
      case 3:
        text = `"sort":${this.level(at(0))}`;
        break;
      case 4: {
        const name = this.name(at(0));
        text = `"const":{"name":${name},"us":[${this.list(at(1)).map((u) => this.level(u))}]}`;
        break;
      }
      case 5: {
        const fn = this.expression(at(0));
        text = `"app":{"fn":${fn},"arg":${this.expression(at(1))}}`;
        break;
      }
      case 6:
        text = binder("lam", 3);
        break;
      case 7:
        text = binder("forallE", 3);
        break;
      case 8:
        text =
          `"letE":{"name":${this.name(at(0))},"type":${this.expression(at(1))},"value":${this.expression(at(2))},` +
          `"body":${this.expression(at(3))},"nondep":${this.byte(object, 4, EXPRESSION_DATA) === 1}}`;
        break;
      case 9: {
        const literal = at(0);
        const value = this.field(literal, 0);
        text =
          this.tag(literal) === 0 ? `"natVal":"${this.natText(value)}"` : `"strVal":${JSON.stringify(this.string(value))}`;
        break;
      }
      case 10: {
        const inner = this.expression(at(1));
        this.expressions.set(object, inner);
        return inner;
      }
      case 11:
        text = `"proj":{"typeName":${this.name(at(0))},"idx":${this.natText(at(1))},"struct":${this.expression(at(2))}}`;
        break;
      default:
        throw new Unexportable("a free variable or metavariable is left");
    }
    return this.add(this.expressions, this.expressionByText, object, text, this.expressionByText.size, "ie");
  }

  // `ConstantVal`, the first field of every value.
  head(value) {
    const shared = this.field(value, 0);
    const name = this.name(this.field(shared, 0));
    const parameters = this.list(this.field(shared, 1)).map((parameter) => this.name(parameter));
    return `"name":${name},"levelParams":[${parameters}],"type":${this.expression(this.field(shared, 2))}`;
  }

  nameList(object) {
    return `[${this.list(object).map((name) => this.name(name))}]`;
  }

  hints(object) {
    if (object & 1) return object >>> 1 === 0 ? '"opaque"' : '"abbrev"';
    return `{"regular":${this.words[(object + HEADER) / WORD]}}`;
  }

  inductiveType(value) {
    return (
      `{${this.head(value)},"numParams":${this.nat(this.field(value, 1))},"numIndices":${this.nat(this.field(value, 2))},` +
      `"all":${this.nameList(this.field(value, 3))},"ctors":${this.nameList(this.field(value, 4))},` +
      `"numNested":${this.nat(this.field(value, 5))},"isRec":${this.byte(value, 6) === 1},` +
      `"isUnsafe":${this.byte(value, 6, 1) === 1},"isReflexive":${this.byte(value, 6, 2) === 1}}`
    );
  }

  constructorOf(value) {
    return (
      `{${this.head(value)},"induct":${this.name(this.field(value, 1))},"cidx":${this.nat(this.field(value, 2))},` +
      `"numParams":${this.nat(this.field(value, 3))},"numFields":${this.nat(this.field(value, 4))},` +
      `"isUnsafe":${this.byte(value, 5) === 1}}`
    );
  }

  recursor(value) {
    const rules = this.list(this.field(value, 6)).map((rule) => {
      const ctor = this.name(this.field(rule, 0));
      return `{"ctor":${ctor},"nfields":${this.nat(this.field(rule, 1))},"rhs":${this.expression(this.field(rule, 2))}}`;
    });
    return (
      `{${this.head(value)},"all":${this.nameList(this.field(value, 1))},"numParams":${this.nat(this.field(value, 2))},` +
      `"numIndices":${this.nat(this.field(value, 3))},"numMotives":${this.nat(this.field(value, 4))},` +
      `"numMinors":${this.nat(this.field(value, 5))},"rules":[${rules}],"k":${this.byte(value, 7) === 1},` +
      `"isUnsafe":${this.byte(value, 7, 1) === 1}}`
    );
  }

  // The name of the first type of the block that the constant belongs to.
  block(info) {
    const value = this.field(info, 0);
    const first = (all) => this.name(this.field(all, 0));
    switch (this.tag(info)) {
      case 5:
        return first(this.field(value, 3));
      case 7:
        return first(this.field(value, 1));
      default: // a constructor names its type, whose block may begin with another
        return this.blockOfType.get(this.name(this.field(value, 1)));
    }
  }

  inductive(members) {
    const parts = { 5: [], 6: [], 7: [] };
    for (const info of members) {
      const value = this.field(info, 0);
      const tag = this.tag(info);
      parts[tag].push(tag === 5 ? this.inductiveType(value) : tag === 6 ? this.constructorOf(value) : this.recursor(value));
    }
    this.lines.push(`{"inductive":{"types":[${parts[5]}],"ctors":[${parts[6]}],"recs":[${parts[7]}]}}`);
  }

  constants(infos) {
    this.blockOfType = new Map();
    for (const info of infos) {
      if (this.tag(info) !== 5) continue;
      const value = this.field(info, 0);
      this.blockOfType.set(this.name(this.field(this.field(value, 0), 0)), this.block(info));
    }
    const blocks = new Map();
    for (const info of infos) {
      if (this.tag(info) < 5) continue;
      const block = this.block(info);
      if (!blocks.has(block)) blocks.set(block, []);
      blocks.get(block).push(info);
    }
    for (const info of infos) {
      const value = this.field(info, 0);
      switch (this.tag(info)) {
        case 0:
          this.lines.push(`{"axiom":{${this.head(value)},"isUnsafe":${this.byte(value, 1) === 1}}}`);
          break;
        case 1: {
          const head = this.head(value);
          this.lines.push(
            `{"def":{${head},"value":${this.expression(this.field(value, 1))},"hints":${this.hints(this.field(value, 2))},` +
              `"safety":"${SAFETY[this.byte(value, 4)]}","all":${this.nameList(this.field(value, 3))}}}`,
          );
          break;
        }
        case 2: {
          const head = this.head(value);
          this.lines.push(
            `{"thm":{${head},"value":${this.expression(this.field(value, 1))},"all":${this.nameList(this.field(value, 2))}}}`,
          );
          break;
        }
        case 3: {
          const head = this.head(value);
          this.lines.push(
            `{"opaque":{${head},"value":${this.expression(this.field(value, 1))},"isUnsafe":${this.byte(value, 3) === 1},` +
              `"all":${this.nameList(this.field(value, 2))}}}`,
          );
          break;
        }
        case 4:
          this.lines.push(`{"quot":{${this.head(value)},"kind":"${QUOTIENTS[this.byte(value, 1)]}"}}`);
          break;
        default: {
          // with the last of them, when all that any of them needs has been written
          const members = blocks.get(this.block(info));
          if (members.at(-1) === info) this.inductive(members);
        }
      }
    }
  }
}

function exportConstants(lean, addresses, version) {
  const exporter = new Exporter(lean);
  exporter.lines.push(
    JSON.stringify({
      meta: {
        exporter: { name: "mathlm", version: "1" },
        lean: { githash: version.split("commit ")[1] ?? "", version: version.split(",")[0] },
        format: { version: "3.1.0" },
      },
    }),
  );
  exporter.constants(addresses);
  return exporter.lines.join("\n") + "\n";
}

// An answer of the server in which addresses are replaced by the text of what is there: `addresses` by `export`,
// and the judge's `claims` by their text.
function withExport(server, text) {
  if (!text.includes('"addresses":[')) return text;
  const { addresses, claims, ...answer } = JSON.parse(text);
  const exported = (constants) => (constants.length === 0 ? "" : exportConstants(server.lean, constants, server.version));
  try {
    answer.export = exported(addresses);
    if (claims !== undefined) answer.claims = exported(claims);
  } catch (error) {
    if (!(error instanceof Unexportable)) throw error;
    answer.export_error = String(error.message);
  }
  return JSON.stringify(answer);
}

module.exports = { withExport };
