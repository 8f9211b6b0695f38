// Types of terms, and the check of one declaration.
//
// `infer` trusts that the term is well typed and works out its type; `check` works out the type and verifies all of
// the term. A declaration is checked as Lean does (src/kernel/environment.cpp, type_checker.cpp):
//   its name is new, its level parameters are distinct and cover those that occur, its constants exist with the
//   right number of levels; its type is a type; a theorem's type is a proposition; its value has its type.
// Variables of binders become fresh fvars that hold their types, so there is no context to pass around.
"use strict";
const { SORT, CONST, APP, LAM, PI, LET, PROJ, NAT, STR, FVAR, headOf, argsOf } = require("./expr.cjs");
const { ZERO, SUCC, PARAM } = require("./level.cjs");
const { Equality } = require("./defeq.cjs");
const { decline, reject } = require("./refusal.cjs");

class TypeChecker extends Equality {
  constructor(store, env) {
    super(store, env);
    this.inferred = new Map();
    this.checked = new Map();
    this.constantTypes = new Map();
  }

  infer(e) {
    return this.typeOf(e, false);
  }

  check(e) {
    return this.typeOf(e, true);
  }

  typeOf(e, full) {
    const cache = full ? this.checked : this.inferred;
    const known = this.checked.get(e) ?? (full ? undefined : cache.get(e));
    if (known !== undefined) return known;
    this.store.spend(1);
    const type = this.workOut(e, full);
    cache.set(e, type);
    return type;
  }

  workOut(e, full) {
    switch (e.kind) {
      case SORT: return this.store.sort(this.store.succ(e.level));
      case CONST: return this.ofConstant(e);
      case APP: return this.ofApplication(e, full);
      case LAM: return this.ofLambda(e, full);
      case PI: return this.ofPi(e, full);
      case LET: return this.ofLet(e, full);
      case PROJ: return this.ofProjection(e, full);
      case FVAR: return e.type;
      case NAT: case STR: return this.literals.typeOf(e);
      default: throw reject("loose-bvar", "a loose bound variable");
    }
  }

  ofConstant(e) {
    let type = this.constantTypes.get(e);
    if (type === undefined) {
      const constant = this.env.get(e.name);
      const { length } = constant.levelParams;
      if (e.levels.items.length !== length)
        throw reject("levels", `${e.name} has ${length} level parameters, not ${e.levels.items.length}`);
      if (constant.unsafe) throw decline("unsafe", `${e.name} is unsafe or partial`);
      type = this.store.instantiateLevels(constant.type, constant.levelParams, e.levels);
      this.constantTypes.set(e, type);
    }
    return type;
  }

  // The arguments from `since` on are not yet put into `type`.
  ofApplication(e, full) {
    const { store } = this;
    const args = argsOf(e);
    let type = this.typeOf(headOf(e), full);
    let since = 0;
    args.forEach((arg, index) => {
      if (type.kind !== PI) {
        type = this.asPi(store.instantiate(type, args, since, index));
        if (type === null) throw reject("function-expected", "an application of what is no function");
        since = index;
      }
      if (full) {
        const wanted = store.instantiate(type.type, args, since, index);
        if (!this.isDefEq(this.check(arg), wanted)) throw reject("application", "an argument of the wrong type");
      }
      type = type.body;
    });
    return store.instantiate(type, args, since);
  }

  // The sort of a type; its level.
  levelOf(type, full) {
    const sort = this.asSort(this.typeOf(type, full));
    if (sort === null) throw reject("type-expected", "a type is expected where something else stands");
    return sort.level;
  }

  ofLambda(e, full) {
    const { store } = this;
    const types = [];
    const fvars = [];
    for (; e.kind === LAM; e = e.body) {
      const type = store.instantiate(e.type, fvars);
      if (full) this.levelOf(type, true);
      types.push(e.type);
      fvars.push(store.fvar(type));
    }
    const result = this.typeOf(store.instantiate(e, fvars), full);
    return types.reduceRight((body, type) => store.pi(type, body), store.abstract(result, fvars));
  }

  ofPi(e, full) {
    const { store } = this;
    const levels = [];
    const fvars = [];
    for (; e.kind === PI; e = e.body) {
      const type = store.instantiate(e.type, fvars);
      levels.push(this.levelOf(type, full));
      fvars.push(store.fvar(type));
    }
    const last = this.levelOf(store.instantiate(e, fvars), full);
    return store.sort(levels.reduceRight((result, level) => store.imax(level, result), last));
  }

  // A let is its body with the value in place: the body may use that the variable equals the value.
  ofLet(e, full) {
    const { store } = this;
    const values = [];
    for (; e.kind === LET; e = e.body) {
      const value = store.instantiate(e.value, values);
      if (full) {
        const type = store.instantiate(e.type, values);
        this.levelOf(type, true);
        if (!this.isDefEq(this.check(value), type)) throw reject("let", "a let value of the wrong type");
      }
      values.push(value);
    }
    return this.typeOf(store.instantiate(e, values), full);
  }

  // Nothing but proofs may be taken out of a proposition: its proofs are all equal, what is in them is not.
  ofProjection(e, full) {
    const { store } = this;
    const fail = (what) => {
      throw reject("projection", what);
    };
    const structType = this.whnf(this.typeOf(e.struct, full));
    const head = headOf(structType);
    const induct = head.kind === CONST ? this.env.get(head.name) : undefined;
    if (induct === undefined || induct.kind !== "induct") fail("a projection out of what is no structure");
    if (head.name !== e.name) fail(`a projection of ${e.name} out of ${head.name}`);
    const ctor = induct.ctors.length === 1 ? this.env.constructorOf(induct) : undefined;
    if (ctor === undefined) fail(`${head.name} has not one constructor`);
    if (induct.numIndices !== 0) throw decline("projection", "a projection out of an inductive family");
    const args = argsOf(structType);
    if (args.length !== ctor.numParams || e.field >= ctor.numFields) fail("a field that is not there");
    const isProof = this.isProposition(structType);
    let type = store.instantiateLevels(ctor.type, ctor.levelParams, head.levels);
    const next = () => (type = this.asPi(type) ?? fail("a constructor with too few arguments"));
    for (const arg of args) type = store.instantiate(next().body, [arg]);
    for (let field = 0; field < e.field; field++) {
      const { body, type: domain } = next();
      if (isProof && body.range > 0 && !this.isProposition(domain)) fail("data out of a proof");
      type = store.instantiate(body, [store.proj(e.name, field, e.struct)]);
    }
    const { type: result } = next();
    if (isProof && !this.isProposition(result)) fail("data out of a proof");
    return result;
  }

  // Check a declaration of kind def or thm. The caller adds it to the environment afterwards.
  declare({ kind, name, levelParams, type, value }) {
    this.env.requireNew(name);
    if (new Set(levelParams).size !== levelParams.length) throw reject("levels", "a level parameter occurs twice");
    for (const part of [type, value]) this.inspect(part, levelParams);
    const level = this.levelOf(type, true);
    if (kind === "thm" && level.kind !== ZERO) throw reject("theorem-type", "the type of a theorem is no proposition");
    if (!this.isDefEq(this.check(value), type)) throw reject("value-type", "the value has not the declared type");
  }

  // What depends on the declaration as a whole and not on where in it a part stands.
  inspect(whole, levelParams) {
    if (whole.range !== 0) throw reject("loose-bvar", "a loose bound variable");
    if (whole.hasFvar) throw reject("free-variable", "a free variable");
    const known = new Set(levelParams);
    for (const part of partsOf(whole, this.store)) {
      if (part.kind === SORT) this.inspectLevel(part.level, known);
      if (part.kind !== CONST) continue;
      this.ofConstant(part);
      for (const level of part.levels.items) this.inspectLevel(level, known);
    }
  }

  inspectLevel(level, known) {
    this.store.spend(1);
    if (!level.hasParam) return;
    if (level.kind === PARAM) {
      if (!known.has(level.a)) throw reject("levels", `the level parameter ${level.a} is not declared`);
      return;
    }
    this.inspectLevel(level.a, known);
    if (level.kind !== SUCC) this.inspectLevel(level.b, known);
  }
}

// Every part of an expression, once.
function partsOf(whole, store) {
  const seen = new Set([whole]);
  for (const part of seen) {
    store.spend(1);
    if (part.kind >= APP && part.kind <= LET) {
      seen.add(part.a);
      seen.add(part.b);
      if (part.c !== null) seen.add(part.c);
    } else if (part.kind === PROJ) seen.add(part.struct);
  }
  return seen;
}

module.exports = { TypeChecker, partsOf };
