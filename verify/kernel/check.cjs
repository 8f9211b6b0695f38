// The judge: does a candidate's export type-check on top of a trusted library?
//
// `Session.checkFile({trusted, candidate, allowedAxioms, target, steps})` answers
//   {verdict, rule, reason, declaration, axioms, steps}
// with verdict
//   accepted   every declaration of the candidate type-checks, `target` (a dotted name, or null) is one of them, and
//              no denied axiom is reached from them
//   rejected   some declaration is wrong; `rule` says which rule, `declaration` where
//   declined   this checker cannot say: something it does not support, too many steps, too deep
// Trusted declarations are believed as they are and kept between calls; library theorems may come as axioms. The
// two texts have index spaces of their own. Of the candidate only `def` and `thm` are read: new axioms, opaque
// constants, inductive types and quotients are declined, and so are unsafe and partial definitions.
//
// After an error while the trusted part was read, the session declines whatever comes (`recycle` in the answer).
"use strict";
const { createHash } = require("crypto");
const { CONST, Store } = require("./expr.cjs");
const { Environment } = require("./environment.cjs");
const { Parser } = require("./parse.cjs");
const { Refusal, decline, reject } = require("./refusal.cjs");
const { TypeChecker, partsOf } = require("./typecheck.cjs");

// No certificate rests on these: a gap, and what compiled code says.
const DENIED = ["sorryAx", "Lean.ofReduceBool", "Lean.ofReduceNat", "Lean.trustCompiler"];
const CHECKED = new Set(["def", "thm"]);

class Session {
  constructor() {
    this.store = new Store();
    this.env = new Environment();
    this.loaded = new Set(); // digests of trusted texts
    this.uses = new Map(); // by trusted constant: the constants that its type and its value name
    this.reached = new Map(); // by trusted constant: the denied axioms that it reaches
    this.isBroken = false;
  }

  checkFile({ trusted, candidate, allowedAxioms = [], target = null, steps }) {
    const place = { declaration: null, axioms: [] };
    let outcome;
    try {
      if (!Number.isSafeInteger(steps) || steps < 1) throw decline("budget", "no limit of steps is given");
      if (this.isBroken) throw decline("internal", "an earlier error left the trusted part unfinished");
      this.load(trusted);
      this.store.open(steps);
      this.judge(candidate, target, new Set(allowedAxioms), place);
      outcome = { verdict: "accepted", rule: null, reason: "" };
    } catch (error) {
      outcome = refusalOf(error);
      // What a candidate leaves behind is dropped; half a trusted part cannot be.
      if (!(error instanceof Refusal) && this.store.top === null) this.isBroken = true;
      if (this.isBroken) outcome.recycle = true;
    }
    const taken = this.store.steps;
    this.store.drop();
    this.env.own.clear();
    return { ...outcome, ...place, steps: taken };
  }

  load(text) {
    this.store.steps = 0;
    const digest = createHash("sha256").update(text).digest("base64");
    if (this.loaded.has(digest)) return;
    try {
      const parser = new Parser(this.store);
      const declarations = parser.parse(text);
      this.reached.clear();
      this.env.addTrusted(declarations, parser.mentioned);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw decline("environment", `the trusted part: ${error.reason}`);
    }
    this.loaded.add(digest);
  }

  judge(text, target, allowed, place) {
    const parser = new Parser(this.store);
    const declarations = parser.parse(text);
    if (declarations.length === 0) throw reject("target", "nothing is declared");
    const checker = new TypeChecker(this.store, this.env);
    for (const declaration of declarations) {
      place.declaration = declaration.name;
      if (!CHECKED.has(declaration.kind))
        throw decline("unsupported", `a new declaration of kind ${declaration.kind}: ${declaration.name}`);
      if (declaration.unsafe) throw decline("unsafe", `${declaration.name} is unsafe or partial`);
      checker.declare(declaration);
      const axioms = this.deniedIn(declaration);
      place.axioms = [...new Set([...place.axioms, ...axioms])].sort();
      const forbidden = axioms.filter((name) => !allowed.has(name));
      if (forbidden.length > 0) throw reject("axiom", `uses ${forbidden.join(", ")}`);
      this.env.addOwn({ ...declaration, axioms });
    }
    place.declaration = target;
    if (target !== null && !this.env.own.has(target)) throw reject("target", `${target} is not declared`);
  }

  // The denied axioms that a declaration reaches, through the types of constants and the bodies of those that
  // have one.
  deniedIn({ type, value }) {
    const found = new Set();
    const seen = new Set();
    for (const part of [...partsOf(type, this.store), ...partsOf(value, this.store)]) {
      if (part.kind !== CONST || seen.has(part.name)) continue;
      seen.add(part.name);
      const constant = this.env.find(part.name);
      const below = constant.trusted ? this.deniedBelow(part.name) : constant.axioms;
      below.forEach((name) => found.add(name));
    }
    return [...found];
  }

  // The same for a trusted constant, itself included, kept for the session.
  deniedBelow(name) {
    const known = this.reached.get(name);
    if (known !== undefined) return known;
    const found = new Set();
    const seen = new Set([name]);
    for (const reached of seen) {
      if (DENIED.includes(reached)) found.add(reached);
      this.usesOf(reached).forEach((used) => seen.add(used));
    }
    const denied = [...found];
    if (denied.length === 0) for (const reached of seen) this.reached.set(reached, denied);
    this.reached.set(name, denied);
    return denied;
  }

  usesOf(name) {
    let found = this.uses.get(name);
    if (found !== undefined) return found;
    const constant = this.env.find(name);
    if (constant === undefined) return []; // mentioned in the trusted part and not given: may come later
    const parts = [constant.type, constant.value].filter((part) => part !== undefined);
    const constants = parts.flatMap((part) => [...partsOf(part, this.store)].filter((sub) => sub.kind === CONST));
    found = [...new Set(constants.map((sub) => sub.name))];
    this.uses.set(name, found);
    return found;
  }
}

function refusalOf(error) {
  if (error instanceof Refusal) return { verdict: error.verdict, rule: error.rule, reason: error.reason };
  if (error instanceof RangeError)
    return { verdict: "declined", rule: "budget", reason: `too large: ${error.message}` };
  return { verdict: "declined", rule: "internal", reason: String(error?.stack ?? error) };
}

module.exports = { Session };
