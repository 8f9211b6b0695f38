// Constants by name: those of the trusted library, which stay, and those of the candidate, which are dropped.
//
// A constant is what the parser made of it: {kind, name, levelParams, type, unsafe, …}; kinds are axiom, def, opaque,
// thm, quot, induct, ctor, rec. Here they also get `trusted`, and recursors `majorInduct`, the type of the major
// premise (for a nested inductive it is not the type that the recursor is named after).
//
// Names with a meaning of their own in the kernel, and names that the trusted text mentions without declaring
// them, are reserved: a candidate that could define them would choose what trusted terms mean.
"use strict";
const { CONST, PI, headOf } = require("./expr.cjs");
const { decline, reject } = require("./refusal.cjs");

const RESERVED = new Set(
  ("Nat Nat.zero Nat.succ Nat.rec Nat.add Nat.sub Nat.mul Nat.div Nat.mod Nat.gcd Nat.beq Nat.ble Nat.land Nat.lor " +
    "Nat.xor Nat.shiftLeft Nat.shiftRight Nat.pow Nat.log2 Bool Bool.true Bool.false Bool.rec String String.ofList " +
    "String.mk List List.nil List.cons Char Char.ofNat Quot Quot.mk Quot.lift Quot.ind Quot.sound Eq Eq.refl Eq.rec " +
    "propext Classical.choice sorryAx Lean.ofReduceBool Lean.ofReduceNat Lean.trustCompiler Lean.reduceBool " +
    "Lean.reduceNat").split(" "),
);

class Environment {
  constructor() {
    this.trusted = new Map();
    this.own = new Map();
    this.mentioned = new Set();
  }

  find(name) {
    return this.trusted.get(name) ?? this.own.get(name);
  }

  get(name) {
    const found = this.find(name);
    if (found !== undefined) return found;
    if (this.mentioned.has(name)) throw decline("environment", `the trusted part mentions ${name} but lacks it`);
    throw reject("unknown-constant", `the constant ${name} is not declared before its use`);
  }

  // A constant of the trusted kind that must be `kind`, or undefined: for what the kernel itself knows.
  builtin(name, kind) {
    const found = this.trusted.get(name);
    return found !== undefined && (kind === undefined || found.kind === kind) ? found : undefined;
  }

  // Whatever was added before the first one that differs stays: it is trusted, too.
  addTrusted(declarations, mentioned) {
    for (const name of mentioned) this.mentioned.add(name);
    for (const declaration of declarations) {
      for (const constant of partsOf(declaration)) {
        const old = this.trusted.get(constant.name);
        if (old !== undefined && !isSame(old, constant))
          throw decline("environment", `${constant.name} differs from the trusted constant of this name`);
        if (old === undefined) this.trusted.set(constant.name, finish(constant));
      }
    }
  }

  addOwn(declaration) {
    this.own.set(declaration.name, { ...declaration, trusted: false });
  }

  requireNew(name) {
    if (this.find(name) !== undefined) throw reject("duplicate", `${name} is declared already`);
    if (RESERVED.has(name) || this.mentioned.has(name)) throw reject("duplicate", `the name ${name} is reserved`);
  }

  // The only constructor of a structure: one constructor, no indices, not recursive; else undefined.
  structure(name) {
    const type = this.find(name);
    if (type === undefined || type.kind !== "induct") return undefined;
    if (type.ctors.length !== 1 || type.numIndices !== 0 || type.isRec) return undefined;
    return this.constructorOf(type);
  }

  constructorOf(type) {
    const ctor = this.find(type.ctors[0]);
    return ctor !== undefined && ctor.kind === "ctor" && ctor.induct === type.name ? ctor : undefined;
  }
}

function partsOf(declaration) {
  if (declaration.kind !== "inductive") return [declaration];
  return [...declaration.types, ...declaration.ctors, ...declaration.recs];
}

function finish(constant) {
  const { line, all, ...kept } = constant;
  const made = { ...kept, trusted: true };
  if (made.kind === "rec") {
    const before = made.numParams + made.numMotives + made.numMinors + made.numIndices;
    made.major = before;
    let type = made.type;
    for (let count = 0; count < before && type.kind === PI; count++) type = type.body;
    const head = type.kind === PI ? headOf(type.type) : null;
    made.majorInduct = head !== null && head.kind === CONST ? head.name : null;
  }
  return made;
}

// Whether two constants say the same. Expressions are interned, so they compare as references.
function isSame(old, constant) {
  const same = (a, b) => {
    if (a === b) return true;
    if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
    if (!isPlain(a) || !isPlain(b)) return false;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  };
  const { trusted, major, majorInduct, ...was } = old;
  const { line, all, ...is } = constant;
  return same(was, is);
}

function isPlain(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

module.exports = { Environment, RESERVED };
