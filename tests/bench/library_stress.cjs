// The library as claims for the second kernel: node library_stress.cjs FOLDER, for `bench_library.py`.
//
// FOLDER holds 0.ndjson, 1.ndjson, … in dependency order. Each declaration is checked on top of those before it and
// believed afterwards, whatever came out: a definition as the kernel checks a candidate's; of others that their
// type is a type; of a recursor that each rule gives what the recursor's type promises on that constructor.
// Not checked: that an inductive type is positive and its recursor the one that it should have.
// Prints one JSON line for each declaration that is not accepted, then one with the counts.
"use strict";
const fs = require("fs");
const path = require("path");
const { Worker, isMainThread, workerData } = require("worker_threads");
const kernel = path.join(__dirname, "../../verify/kernel");
const { Store, LAM, PI, headOf, argsOf } = require(path.join(kernel, "expr.cjs"));
const { Environment } = require(path.join(kernel, "environment.cjs"));
const { Parser } = require(path.join(kernel, "parse.cjs"));
const { Refusal, reject } = require(path.join(kernel, "refusal.cjs"));
const { TypeChecker } = require(path.join(kernel, "typecheck.cjs"));

const STEPS = 20_000_000; // as for a candidate with Lean's default heartbeats

function checkType(checker, constant) {
  checker.inspect(constant.type, constant.levelParams);
  checker.levelOf(constant.type, true);
}

// rhs = fun params motives minors fields => …, against the recursor's type at that constructor.
function checkRule(checker, env, recursor, rule) {
  const { store } = checker;
  const before = recursor.numParams + recursor.numMotives + recursor.numMinors;
  checker.check(rule.rhs);
  const given = [];
  let rhs = rule.rhs;
  for (let i = 0; i < before + rule.nfields; i++, rhs = rhs.body) {
    if (rhs.kind !== LAM) throw reject("rule", "a rule with too few binders");
    given.push(store.fvar(store.instantiate(rhs.type, given)));
  }
  let type = recursor.type;
  for (let i = 0; i < before; i++, type = type.body)
    if (!checker.isDefEq(store.instantiate(type.type, given, 0, i), given[i].type)) throw reject("rule", "a binder's type");
  const indices = [];
  for (let i = 0; i < recursor.numIndices; i++, type = type.body)
    indices.push(store.fvar(store.instantiate(type.type, [...given.slice(0, before), ...indices])));
  const major = store.instantiate(type.type, [...given.slice(0, before), ...indices]);
  const ctor = env.get(rule.ctor);
  const params = argsOf(major).slice(0, ctor.numParams);
  const made = store.apps(store.const(ctor.name, headOf(major).levels), [...params, ...given.slice(before)]);
  const places = argsOf(checker.whnf(checker.check(made))).slice(ctor.numParams);
  const levels = store.list(recursor.levelParams.map((name) => store.param(name)));
  const call = store.apps(store.const(recursor.name, levels), [...given.slice(0, before), ...places, made]);
  const wanted = checker.check(call);
  const value = store.instantiate(rhs, given);
  if (!checker.isDefEq(checker.check(value), wanted)) throw reject("rule", "the rule gives another type");
  if (!checker.isDefEq(call, value)) throw reject("rule", "the recursor does not compute by its rule");
}

function check(checker, env, constant) {
  if (constant.unsafe) return "unsafe";
  if (constant.kind !== "def") return checkType(checker, constant);
  return checker.declare(constant);
}

function run(folder) {
  const store = new Store();
  const env = new Environment();
  const counts = {};
  const tell = (line) => fs.writeSync(1, JSON.stringify(line) + "\n");
  const attempt = (kind, name, action) => {
    store.open(STEPS);
    const began = performance.now();
    let verdict = "accepted";
    try {
      if (action(new TypeChecker(store, env)) === "unsafe") verdict = "unsafe";
    } catch (error) {
      verdict = error instanceof Refusal ? error.verdict : "crash";
      tell({ name, kind, verdict, rule: error.rule, reason: String(error.reason ?? error.stack).slice(0, 300), steps: store.steps });
    }
    const took = performance.now() - began;
    store.drop();
    if (took > 5000) tell({ name, kind, slow: Math.round(took) });
    const key = `${kind} ${verdict}`;
    counts[key] = (counts[key] ?? 0) + 1;
  };
  for (let part = 0; fs.existsSync(path.join(folder, `${part}.ndjson`)); part++) {
    const declarations = new Parser(store).parse(fs.readFileSync(path.join(folder, `${part}.ndjson`), "utf8"));
    for (const declaration of declarations) {
      const { types = [], ctors = [], recs = [] } = declaration;
      if (declaration.kind !== "inductive") {
        const known = env.trusted.size;
        // Names with a meaning of their own are the library's to declare.
        const named = (checker) => { checker.env = Object.create(env, { requireNew: { value() {} } }); checker.literals.env = env; return check(checker, env, declaration); };
        attempt(declaration.kind, declaration.name, named);
        env.addTrusted([declaration], []);
        if (env.trusted.size === known) tell({ name: declaration.name, kind: "twice" });
        continue;
      }
      env.addTrusted([declaration], []);
      for (const constant of [...types, ...ctors, ...recs])
        attempt(constant.kind, constant.name, (checker) => check(checker, env, constant));
      for (const { name, unsafe } of recs) {
        if (unsafe) continue;
        const recursor = env.get(name);
        for (const rule of recursor.rules)
          attempt("rule", `${name} ${rule.ctor}`, (checker) => checkRule(checker, env, recursor, rule));
      }
    }
    fs.writeSync(2, `part ${part}: ${env.trusted.size} constants\n`);
  }
  tell({ counts });
}

if (isMainThread) {
  const resourceLimits = { stackSizeMb: 256, maxYoungGenerationSizeMb: 64, maxOldGenerationSizeMb: 6000 };
  new Worker(__filename, { workerData: process.argv[2], resourceLimits });
} else run(workerData);
