// Definitional equality of two well-typed terms.
//
// Rules: equality up to bound names, beta/zeta/iota/projection (through `whnfCore`), lazy delta (the constant whose
// definition lies higher is unfolded first), universe levels by meaning, proof irrelevance, eta for functions and
// for structures, one element for structures without fields, numbers and strings.
// Sources: Carneiro, "The type theory of Lean", section 2; Lean's src/kernel/type_checker.cpp, `is_def_eq_core`.
//
// `false` means "not found equal": the relation is undecidable and Lean's own procedure is not complete either.
// Answers are kept by pair; they depend on nothing but the two terms and the environment.
"use strict";
const { APP, CONST, FVAR, LAM, MAX_IDS, NAT, PI, PROJ, SORT, STR, headOf, argsOf } = require("./expr.cjs");
const { Reducer } = require("./reduce.cjs");

class Equality extends Reducer {
  constructor(store, env) {
    super(store, env);
    this.answers = new Map();
    this.failedArgs = new Set();
    this.boolTrue = store.const("Bool.true");
  }

  isDefEq(a, b) {
    if (a === b) return true;
    this.store.spend(1);
    const quick = this.bySyntax(a, b);
    if (quick !== null) return quick;
    const key = pairKey(a, b);
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.compare(a, b);
    this.answers.set(key, answer);
    return answer;
  }

  // An answer when the outermost shape settles it, else null.
  bySyntax(a, b) {
    if (a === b) return true;
    if (a.kind !== b.kind) return null;
    if (a.kind === LAM || a.kind === PI) return this.sameBinders(a, b);
    if (a.kind === SORT) return this.store.areEqual(a.level, b.level);
    return a.kind === NAT || a.kind === STR ? false : null; // equal literals are one node
  }

  sameBinders(a, b) {
    const { store } = this;
    const { kind } = a;
    const values = [];
    for (; a.kind === kind && b.kind === kind; a = a.body, b = b.body) {
      const type = store.instantiate(a.type, values);
      if (a.type !== b.type && !this.isDefEq(type, store.instantiate(b.type, values))) return false;
      values.push(a.body.range === 0 && b.body.range === 0 ? this.unused() : store.fvar(type));
    }
    return this.isDefEq(store.instantiate(a, values), store.instantiate(b, values));
  }

  // Stands for a variable that does not occur.
  unused() {
    return this.store.prop;
  }

  compare(a, b) {
    if (b === this.boolTrue && !a.hasFvar && this.whnf(a) === b) return true; // proofs by `decide`
    const x = this.whnfCore(a, true);
    const y = this.whnfCore(b, true);
    if (x !== a || y !== b) {
      const quick = this.bySyntax(x, y);
      if (quick !== null) return quick;
    }
    return this.byIrrelevance(x, y) ?? this.byUnfolding(x, y);
  }

  // Proofs of the same proposition are equal; null when `a` is no proof.
  byIrrelevance(a, b) {
    const type = this.infer(a);
    return this.isProposition(type) ? this.isDefEq(type, this.infer(b)) : null;
  }

  byUnfolding(a, b) {
    for (;;) {
      this.store.spend(1);
      const known = this.byNumbers(a, b);
      if (known !== null) return known;
      const next = this.unfoldOne(a, b);
      if (next === null) return this.byStructure(a, b);
      if (next === true) return true;
      [a, b] = next;
      const quick = this.bySyntax(a, b);
      if (quick !== null) return quick;
    }
  }

  // Successors compare without them; closed arithmetic is computed, where both sides are closed: an operation on a
  // variable is compared by its arguments, which the other side would have lost. Null when neither fits.
  byNumbers(a, b) {
    const { literals } = this;
    if (literals.valueOf(a) === 0n && literals.valueOf(b) === 0n) return true;
    const below = literals.below(a);
    const other = below === null ? null : literals.below(b);
    if (other !== null) {
      literals.requireNat();
      return this.isDefEq(below, other);
    }
    if (a.hasFvar || b.hasFvar) return null;
    const x = literals.reduce(a, this.whnf);
    if (x !== null) return this.isDefEq(x, b);
    const y = literals.reduce(b, this.whnf);
    return y === null ? null : this.isDefEq(a, y);
  }

  // Unfold one side or both: the new pair, `true` when equal arguments settle it, null when nothing unfolds.
  unfoldOne(a, b) {
    const f = this.unfoldable(a);
    const g = this.unfoldable(b);
    if (f === null && g === null) return null;
    const left = () => this.whnfCore(this.unfold(a), true);
    const right = () => this.whnfCore(this.unfold(b), true);
    if (g === null) return this.projectionAt(b, (other) => [a, other]) ?? [left(), b];
    if (f === null) return this.projectionAt(a, (other) => [other, b]) ?? [a, right()];
    const order = heightOf(f) - heightOf(g);
    if (order > 0) return [left(), b];
    if (order < 0) return [a, right()];
    if (f === g && a.kind === APP && b.kind === APP && isRegular(f) && this.sameArgs(a, b)) return true;
    return [left(), right()];
  }

  // A stuck projection at the head may go on once its structure is unfolded.
  projectionAt(e, pair) {
    if (headOf(e).kind !== PROJ) return null;
    const reduced = this.whnfCore(e);
    return reduced === e ? null : pair(reduced);
  }

  // Whether two applications of one constant have equal arguments; asked once for each pair.
  sameArgs(a, b) {
    const key = pairKey(a, b);
    if (this.failedArgs.has(key)) return false;
    if (this.store.areEqualLists(headOf(a).levels, headOf(b).levels) && this.pairwise(argsOf(a), argsOf(b)))
      return true;
    this.failedArgs.add(key);
    return false;
  }

  pairwise(as, bs) {
    return as.length === bs.length && as.every((a, index) => this.isDefEq(a, bs[index]));
  }

  // Nothing unfolds any more.
  byStructure(a, b) {
    if (a.kind === CONST && b.kind === CONST && a.name === b.name && this.store.areEqualLists(a.levels, b.levels))
      return true;
    if (a.kind === FVAR && a === b) return true;
    if (a.kind === PROJ && b.kind === PROJ && a.field === b.field && a.name === b.name)
      if (this.isDefEq(a.struct, b.struct)) return true;
    const x = this.whnfCore(a);
    const y = this.whnfCore(b);
    if (x !== a || y !== b) return this.isDefEq(x, y);
    if (a.kind === APP && b.kind === APP && this.isDefEq(headOf(a), headOf(b)))
      if (this.pairwise(argsOf(a), argsOf(b))) return true;
    if (this.byEtaOf(a, b) || this.byEtaOf(b, a)) return true;
    if (this.byFields(a, b) || this.byFields(b, a)) return true;
    if (a.kind === STR && b.kind === APP) return this.isDefEq(this.literals.expand(a), b);
    if (b.kind === STR && a.kind === APP) return this.isDefEq(a, this.literals.expand(b));
    return this.haveOneElement(a, b);
  }

  // fun x => b x against the function b.
  byEtaOf(a, b) {
    if (a.kind !== LAM || b.kind === LAM) return false;
    const pi = this.asPi(this.infer(b));
    if (pi === null) return false;
    const { store } = this;
    return this.isDefEq(a, store.lam(pi.type, store.app(b, store.bvar(0)))); // b is closed
  }

  // x against a constructor whose arguments are equal to the projections of x.
  byFields(a, b) {
    const made = this.constructorApp(b);
    if (made === null || this.env.structure(made.ctor.induct) !== made.ctor) return false;
    const type = this.infer(b);
    if (!this.isDefEq(this.infer(a), type) || this.isProposition(type)) return false;
    const fields = made.args.slice(made.ctor.numParams);
    return fields.every((field, index) => this.isDefEq(this.store.proj(made.ctor.induct, index, a), field));
  }

  haveOneElement(a, b) {
    const type = this.whnf(this.infer(a));
    const head = headOf(type);
    if (head.kind !== CONST || this.env.structure(head.name)?.numFields !== 0) return false;
    return this.isDefEq(type, this.infer(b));
  }
}

function pairKey(a, b) {
  return a.id < b.id ? a.id * MAX_IDS + b.id : b.id * MAX_IDS + a.id;
}

// Unfolded first: abbreviations, then by height; theorems and irreducible definitions last.
function heightOf(constant) {
  if (constant.kind !== "def" || constant.hints === "opaque") return -1;
  return constant.hints === "abbrev" ? Infinity : constant.hints.regular;
}

function isRegular(constant) {
  return constant.kind === "def" && typeof constant.hints === "object";
}

module.exports = { Equality };
