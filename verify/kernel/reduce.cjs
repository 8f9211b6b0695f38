// Weak head normal forms.
//
// Rules: beta, zeta (let), iota (recursors, with the K rule and eta for structures), projections, the quotient's
// lift and ind, numbers and strings (`literals.cjs`), and delta (unfolding) in `whnf` only.
// Sources: Carneiro, "The type theory of Lean", section 2; Lean's src/kernel/type_checker.cpp and inductive.h.
//
// Every rule expects a well-typed term and gives a term of the same type, so a rule that does not fit leaves the
// term as it is: that can make a check fail, never pass.
"use strict";
const { APP, CONST, LAM, LET, NAT, PI, PROJ, SORT, STR, headOf, argsOf } = require("./expr.cjs");
const { Literals } = require("./literals.cjs");

const QUOTIENT = {
  lift: { major: 5, minor: 3 }, // {α} {r} {β} f h q
  ind: { major: 4, minor: 3 }, // {α} {r} {β} h q
};

class Reducer {
  constructor(store, env) {
    this.store = store;
    this.env = env;
    this.literals = new Literals(store, env);
    this.cores = new Map();
    this.normals = new Map();
    this.unfoldings = new Map();
    this.whnf = this.whnf.bind(this);
  }

  // Without delta at the head. `cheap`: nor inside the structure of a projection.
  whnfCore(e, cheap = false) {
    if (e.kind !== APP && e.kind !== PROJ && e.kind !== LET) return e;
    const known = this.cores.get(e);
    if (known !== undefined) return known;
    let result = e;
    for (let next = e; next !== null; next = this.coreStep(result, cheap)) {
      this.store.spend(1);
      result = next;
    }
    if (!cheap) this.cores.set(e, result);
    return result;
  }

  // One reduction at the head, or null.
  coreStep(e, cheap) {
    if (e.kind === LET) return this.zeta(e);
    if (e.kind === PROJ) return this.reduceProjection(e, cheap);
    if (e.kind !== APP) return null;
    const head = headOf(e);
    const args = argsOf(e);
    if (head.kind === LAM) return this.beta(head, args);
    if (head.kind === CONST) return this.reduceConstant(head, args);
    const reduced = this.whnfCore(head, cheap);
    return reduced === head ? null : this.store.apps(reduced, args);
  }

  zeta(e) {
    const values = [];
    for (; e.kind === LET; e = e.body) values.push(this.store.instantiate(e.value, values));
    return this.store.instantiate(e, values);
  }

  beta(fn, args) {
    let count = 0;
    for (; fn.kind === LAM && count < args.length; fn = fn.body) count++;
    return this.store.apps(this.store.instantiate(fn, args, 0, count), args, count);
  }

  reduceProjection(e, cheap) {
    const made = this.constructorApp(this.open(cheap ? this.whnfCore(e.struct, cheap) : this.whnf(e.struct)));
    if (made === null || made.ctor.induct !== e.name || e.field >= made.ctor.numFields) return null;
    return made.args[made.ctor.numParams + e.field];
  }

  // A literal in normal form as a constructor; other terms as they are.
  open(e) {
    if (e.kind === NAT) return this.literals.asConstructor(e);
    return e.kind === STR ? this.whnf(this.literals.expand(e)) : e;
  }

  // {ctor, args} of a constructor with all its arguments, or null.
  constructorApp(e) {
    const head = headOf(e);
    if (head.kind !== CONST) return null;
    const ctor = this.env.find(head.name);
    if (ctor === undefined || ctor.kind !== "ctor") return null;
    const args = argsOf(e);
    return args.length === ctor.numParams + ctor.numFields ? { ctor, args, head } : null;
  }

  reduceConstant(head, args) {
    const constant = this.env.find(head.name);
    if (constant === undefined) return null;
    if (constant.kind === "rec") return this.iota(constant, head, args);
    return constant.kind === "quot" ? this.reduceQuotient(constant, args) : null;
  }

  iota(recursor, head, args) {
    const { major, numParams, numMotives, numMinors, levelParams } = recursor;
    if (args.length <= major || head.levels.items.length !== levelParams.length) return null;
    const canonical = recursor.k ? this.byK(recursor, args[major]) : null;
    const premise = this.open(this.whnf(canonical ?? args[major]));
    const made = this.constructorApp(premise) ?? this.byEta(recursor, premise);
    if (made === null) return null;
    const rule = recursor.rules.find((one) => one.ctor === made.ctor.name);
    if (rule === undefined || rule.nfields !== made.ctor.numFields) return null;
    const { store } = this;
    let result = store.instantiateLevels(rule.rhs, levelParams, head.levels);
    result = store.apps(result, args, 0, numParams + numMotives + numMinors);
    result = store.apps(result, made.args, made.ctor.numParams);
    return store.apps(result, args, major + 1);
  }

  // K: a proof of a proposition with one constructor that holds nothing is that constructor.
  byK(recursor, premise) {
    const type = this.whnf(this.infer(premise));
    const head = headOf(type);
    if (head.kind !== CONST || head.name !== recursor.majorInduct) return null;
    const induct = this.env.find(head.name);
    if (induct === undefined || induct.kind !== "induct" || induct.ctors.length !== 1) return null;
    const ctor = this.env.constructorOf(induct);
    if (ctor === undefined || ctor.numFields !== 0) return null;
    const params = argsOf(type).slice(0, ctor.numParams);
    const made = this.store.apps(this.store.const(ctor.name, head.levels), params);
    return this.isDefEq(type, this.infer(made)) ? made : null;
  }

  // Eta: x of a structure type is its constructor on the projections of x. Not for propositions: their fields
  // may be data, which nothing may take out.
  byEta(recursor, premise) {
    const ctor = recursor.majorInduct === null ? undefined : this.env.structure(recursor.majorInduct);
    if (ctor === undefined) return null;
    const type = this.whnf(this.infer(premise));
    const head = headOf(type);
    if (head.kind !== CONST || head.name !== ctor.induct || this.isProposition(type)) return null;
    const args = argsOf(type).slice(0, ctor.numParams);
    for (let field = 0; field < ctor.numFields; field++) args.push(this.store.proj(ctor.induct, field, premise));
    return { ctor, args };
  }

  reduceQuotient(constant, args) {
    const place = QUOTIENT[constant.quot];
    if (place === undefined || args.length <= place.major) return null;
    const made = this.whnf(args[place.major]);
    const head = headOf(made);
    const given = argsOf(made); // {α} r a
    if (head.kind !== CONST || given.length !== 3 || this.env.find(head.name)?.quot !== "ctor") return null;
    return this.store.apps(this.store.app(args[place.minor], given[2]), args, place.major + 1);
  }

  // The constant at the head if it can be unfolded (a definition or a theorem with its proof), else null.
  unfoldable(e) {
    const head = headOf(e);
    if (head.kind !== CONST) return null;
    const constant = this.env.find(head.name);
    if (constant === undefined || (constant.kind !== "def" && constant.kind !== "thm")) return null;
    return head.levels.items.length === constant.levelParams.length ? constant : null;
  }

  // Delta; the head must be `unfoldable`.
  unfold(e) {
    const head = headOf(e);
    let value = this.unfoldings.get(head);
    if (value === undefined) {
      const constant = this.env.find(head.name);
      value = this.store.instantiateLevels(constant.value, constant.levelParams, head.levels);
      this.unfoldings.set(head, value);
    }
    if (e.kind !== APP) return value;
    const args = argsOf(e);
    return value.kind === LAM ? this.beta(value, args) : this.store.apps(value, args);
  }

  whnf(e) {
    if (e.kind !== APP && e.kind !== CONST && e.kind !== PROJ && e.kind !== LET) return e;
    const known = this.normals.get(e);
    if (known !== undefined) return known;
    let result = e;
    for (;;) {
      this.store.spend(1);
      result = this.whnfCore(result);
      const number = this.literals.reduce(result, this.whnf);
      if (number !== null) {
        result = number;
        break;
      }
      if (this.unfoldable(result) === null) break;
      result = this.unfold(result);
    }
    this.normals.set(e, result);
    return result;
  }

  // Whether the type is a proposition.
  isProposition(type) {
    return this.whnf(this.infer(type)) === this.store.prop;
  }

  asSort(e) {
    const sort = this.whnf(e);
    return sort.kind === SORT ? sort : null;
  }

  asPi(e) {
    const pi = e.kind === PI ? e : this.whnf(e);
    return pi.kind === PI ? pi : null;
  }
}

module.exports = { Reducer };
