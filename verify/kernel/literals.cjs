// Literals: what numbers and strings stand for, and arithmetic on numbers.
//
// A literal is worth something only when the trusted library has the types that it speaks about, with the very
// constructors and types that are expected here; otherwise the check is declined. The operations are Lean's
// (src/kernel/type_checker.cpp, `reduce_nat`): their definitions in the library compute the same, only slower.
"use strict";
const { APP, CONST, NAT, headOf, argsOf } = require("./expr.cjs");
const { decline } = require("./refusal.cjs");

const MAX_EXPONENT = 2n ** 24n; // Lean's own limit for Nat.pow; larger powers and shifts stay as they are
const MAX_BITS = 2 ** 25;
const MAX_GCD_BITS = 2 ** 14; // Euclid's steps are quadratic
const MAX_TEXT = 100_000;
const LARGE = 2n ** 256n; // work on larger numbers counts as more than one step

const limited = (compute) => (a, b) => (b > MAX_EXPONENT ? null : compute(a, b));

const BINARY = new Map([
  ["Nat.add", (a, b) => a + b],
  ["Nat.sub", (a, b) => (a > b ? a - b : 0n)],
  ["Nat.mul", (a, b) => a * b],
  ["Nat.div", (a, b) => (b === 0n ? 0n : a / b)],
  ["Nat.mod", (a, b) => (b === 0n ? a : a % b)],
  ["Nat.gcd", gcd],
  ["Nat.beq", (a, b) => a === b],
  ["Nat.ble", (a, b) => a <= b],
  ["Nat.land", (a, b) => a & b],
  ["Nat.lor", (a, b) => a | b],
  ["Nat.xor", (a, b) => a ^ b],
  ["Nat.shiftLeft", limited((a, b) => small(bits(a) + Number(b)) && a << b)],
  ["Nat.shiftRight", limited((a, b) => a >> b)],
  ["Nat.pow", limited((a, b) => small(bits(a) * Number(b)) && a ** b)],
]);
const PREDICATES = new Set(["Nat.beq", "Nat.ble"]);
const UNARY = new Map([
  ["Nat.succ", (a) => a + 1n],
  ["Nat.log2", (a) => (a === 0n ? 0n : BigInt(a.toString(2).length - 1))],
]);

function bits(a) {
  return a.toString(16).length * 4;
}

function small(size) {
  if (size > MAX_BITS) throw decline("budget", "a number with too many digits");
  return true;
}

function gcd(a, b) {
  if (bits(a) > MAX_GCD_BITS || bits(b) > MAX_GCD_BITS) throw decline("budget", "the gcd of large numbers");
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

class Literals {
  constructor(store, env) {
    this.store = store;
    this.env = env;
    this.natType = store.const("Nat");
    this.zero = store.const("Nat.zero");
    this.succ = store.const("Nat.succ");
    this.stringType = store.const("String");
    this.expanded = new Map();
  }

  hasType(name, type, kind) {
    const found = this.env.builtin(name, kind);
    return found !== undefined && !found.unsafe && found.type === type ? found : undefined;
  }

  requireNat() {
    if (this.natIsThere !== undefined) return;
    const { store, natType } = this;
    const nat = this.hasType("Nat", store.sort(store.one), "induct");
    const there =
      nat !== undefined && nat.levelParams.length === 0 && nat.ctors.join() === "Nat.zero,Nat.succ" &&
      this.hasType("Nat.zero", natType, "ctor") && this.hasType("Nat.succ", store.pi(natType, natType), "ctor");
    if (!there) throw decline("literal", "the trusted part has no Nat as expected");
    this.natIsThere = true;
  }

  typeOf(literal) {
    if (literal.kind === NAT) {
      this.requireNat();
      return this.natType;
    }
    if (!this.hasType("String", this.store.sort(this.store.one), "induct"))
      throw decline("literal", "the trusted part has no String as expected");
    return this.stringType;
  }

  // The value of a number in normal form (a literal or the constructor zero), or null.
  valueOf(e) {
    if (e.kind === NAT) return e.literal;
    return e === this.zero ? 0n : null;
  }

  // A literal as Nat.zero or Nat.succ of a literal.
  asConstructor(literal) {
    this.requireNat();
    const value = literal.literal;
    return value === 0n ? this.zero : this.store.app(this.succ, this.store.nat(value - 1n));
  }

  // The number below a successor, or null.
  below(e) {
    if (e.kind === NAT) return e.literal === 0n ? null : this.store.nat(e.literal - 1n);
    return e.kind === APP && e.fn === this.succ ? e.arg : null;
  }

  // The result of an operation on numbers, or null. `whnf` brings the arguments into normal form.
  reduce(e, whnf) {
    if (e.kind !== APP || e.hasFvar) return null;
    const head = headOf(e);
    if (head.kind !== CONST || head.levels.items.length !== 0) return null;
    const { name } = head;
    if (!BINARY.has(name) && !UNARY.has(name)) return null;
    const args = argsOf(e);
    const operation = BINARY.get(name) ?? UNARY.get(name);
    if (args.length !== (BINARY.has(name) ? 2 : 1) || !this.isGenuine(name, args.length)) return null;
    const values = [];
    for (const arg of args) {
      const value = this.valueOf(whnf(arg));
      if (value === null) return null;
      this.store.spend(1 + (value > LARGE ? bits(value) >> 8 : 0));
      values.push(value);
    }
    if (name === "Nat.mul") small(bits(values[0]) + bits(values[1]));
    const result = operation(...values);
    if (result === null) return null;
    if (PREDICATES.has(name)) return this.store.const(result ? "Bool.true" : "Bool.false");
    this.store.spend(1 + (result > LARGE ? bits(result) >> 8 : 0));
    return this.store.nat(result);
  }

  // Whether the operation is the library's, with the type that it has there.
  isGenuine(name, arity) {
    const { store, natType } = this;
    this.requireNat();
    const bool = store.const("Bool");
    const result = PREDICATES.has(name) ? bool : natType;
    const type = arity === 1 ? store.pi(natType, result) : store.pi(natType, store.pi(natType, result));
    if (!this.hasType(name, type)) return false;
    if (result === natType) return true;
    return Boolean(this.hasType("Bool.true", bool, "ctor") && this.hasType("Bool.false", bool, "ctor"));
  }

  // A string as String.ofList [Char.ofNat c, …], String.mk in older libraries.
  expand(literal) {
    let found = this.expanded.get(literal);
    if (found === undefined) this.expanded.set(literal, (found = this.spell(literal.literal)));
    return found;
  }

  spell(text) {
    const { store, env } = this;
    this.requireNat();
    if (text.length > MAX_TEXT) throw decline("budget", "a long string");
    const char = store.const("Char");
    const levels = store.list([store.zero]);
    const list = store.app(store.const("List", levels), char);
    const type = store.pi(list, this.stringType);
    const maker = ["String.ofList", "String.mk"].find((name) => this.hasType(name, type));
    const lists = env.builtin("List", "induct");
    const there =
      maker !== undefined && lists !== undefined && lists.ctors.join() === "List.nil,List.cons" &&
      lists.numParams === 1 && lists.levelParams.length === 1 &&
      env.builtin("List.nil", "ctor") && env.builtin("List.cons", "ctor") &&
      this.hasType("Char", store.sort(store.one), "induct") &&
      this.hasType("Char.ofNat", store.pi(this.natType, char));
    if (!there) throw decline("literal", "the trusted part has no String as expected");
    const cons = store.app(store.const("List.cons", levels), char);
    let spelt = store.app(store.const("List.nil", levels), char);
    for (const point of [...text].reverse()) {
      const code = store.nat(BigInt(point.codePointAt(0)));
      spelt = store.app(store.app(cons, store.app(store.const("Char.ofNat"), code)), spelt);
      store.spend(4);
    }
    return store.app(store.const(maker), spelt);
  }
}

module.exports = { Literals };
