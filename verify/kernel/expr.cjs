// Expressions, interned: two expressions that are equal up to names of bound variables are one object, so `===`
// decides equality and caches are keyed by nodes. Names are strings (see `parse.cjs` for why that is safe).
//
// The store has two layers. The base layer holds what the trusted library mentions and stays; while a candidate is
// checked all new nodes go to the top layer, and `drop` forgets it with one assignment. Ids of the top layer are
// used again by the next one: whatever is keyed by nodes or ids must not outlive the candidate.
//
// Every piece of work in the kernel calls `spend`; when the steps are used up the check is declined.
// Recursion here is as deep as the expression. The host gives it a large stack; a RangeError means `declined`.
"use strict";
const { Levels } = require("./level.cjs");
const { decline } = require("./refusal.cjs");

const BVAR = 0, SORT = 1, CONST = 2, APP = 3, LAM = 4, PI = 5, LET = 6, PROJ = 7, NAT = 8, STR = 9, FVAR = 10;
const MAX_IDS = 2 ** 26; // so that a pair of ids is an exact double
const FIRST_SLOTS = 1024;

// One node. The getters name the parts: which of them mean something depends on `kind`.
class Expr {
  constructor(kind, a, b, c, id, hash, range, hasParam, hasFvar) {
    this.kind = kind;
    this.a = a;
    this.b = b;
    this.c = c;
    this.id = id;
    this.hash = hash;
    this.next = null; // in the layer's table
    this.range = range; // one more than the largest loose bound variable; 0 when there is none
    this.hasParam = hasParam;
    this.hasFvar = hasFvar;
  }
  get index() { return this.a; } // BVAR
  get level() { return this.a; } // SORT
  get name() { return this.a; } // CONST; PROJ: the structure type
  get levels() { return this.b; } // CONST: a LevelList
  get fn() { return this.a; } // APP
  get arg() { return this.b; } // APP
  get type() { return this.a; } // LAM, PI, LET: of the variable; FVAR
  get value() { return this.b; } // LET
  get body() { return this.kind === LET ? this.c : this.b; } // LAM, PI, LET
  get field() { return this.b; } // PROJ: index of the field
  get struct() { return this.c; } // PROJ
  get literal() { return this.a; } // NAT: a BigInt; STR: a string
}

class Layer {
  constructor() {
    this.keyed = new Map();
    this.slots = new Array(FIRST_SLOTS).fill(null);
    this.used = 0;
  }

  find(hash, kind, a, b, c) {
    let node = this.slots[hash & (this.slots.length - 1)];
    while (node !== null && (node.hash !== hash || node.kind !== kind || node.a !== a || node.b !== b || node.c !== c))
      node = node.next;
    return node;
  }

  add(node) {
    if (this.used++ > this.slots.length) this.grow();
    this.put(node);
  }

  put(node) {
    const slot = node.hash & (this.slots.length - 1);
    node.next = this.slots[slot];
    this.slots[slot] = node;
  }

  grow() {
    const old = this.slots;
    this.slots = new Array(old.length * 4).fill(null);
    for (let node of old) {
      while (node !== null) {
        const next = node.next;
        this.put(node);
        node = next;
      }
    }
  }
}

function hashOf(kind, a, b, c) {
  let hash = Math.imul(a, 0x9e3779b1) + kind;
  hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & 0x3fffffff;
}

class Store extends Levels {
  constructor() {
    super();
    this.base = new Layer();
    this.top = null;
    this.baseIds = 0; // ids of the base layer are smaller; set when a top layer is opened
    this.ids = 0;
    this.steps = 0;
    this.limit = Infinity;
    this.startLevels();
    this.noLevels = this.list([]);
    this.prop = this.sort(this.zero);
  }

  // Work from here on belongs to a candidate and may take `limit` steps.
  open(limit) {
    this.top = new Layer();
    this.baseIds = this.ids;
    this.steps = 0;
    this.limit = limit;
  }

  // Forget the candidate's nodes. Without a candidate there is nothing to forget: ids that were given to nodes of
  // the base layer must never be given again.
  drop() {
    if (this.top === null) return;
    this.top = null;
    this.ids = this.baseIds;
    this.limit = Infinity;
  }

  spend(steps) {
    this.steps += steps;
    if (this.steps > this.limit) throw decline("budget", `more than ${this.limit} steps`);
  }

  newId() {
    if (this.ids >= MAX_IDS) throw decline("budget", "too many expressions");
    return this.ids++;
  }

  // Interning by a string key, for the rarer kinds.
  keyed(key, make) {
    let found = this.base.keyed.get(key);
    if (found !== undefined) return found;
    if (this.top !== null && (found = this.top.keyed.get(key)) !== undefined) return found;
    const made = make(this.newId());
    (this.top ?? this.base).keyed.set(key, made);
    return made;
  }

  // Interning by parts, for APP, LAM, PI and LET. `range` is worked out by the caller.
  node(kind, a, b, c, range) {
    const hash = hashOf(kind, a.id, b.id, c === null ? 0 : c.id);
    let found = null;
    const limit = this.top === null ? Infinity : this.baseIds; // a node with a part above lies above, too
    if (a.id < limit && b.id < limit && (c === null || c.id < limit))
      found = this.base.find(hash, kind, a, b, c);
    if (found === null && this.top !== null) found = this.top.find(hash, kind, a, b, c);
    if (found !== null) return found;
    const hasParam = a.hasParam || b.hasParam || (c !== null && c.hasParam);
    const hasFvar = a.hasFvar || b.hasFvar || (c !== null && c.hasFvar);
    const made = new Expr(kind, a, b, c, this.newId(), hash, range, hasParam, hasFvar);
    (this.top ?? this.base).add(made);
    return made;
  }

  leaf(key, kind, a, b, range, hasParam) {
    return this.keyed(key, (id) => new Expr(kind, a, b, null, id, 0, range, hasParam, false));
  }

  bvar(index) { return this.leaf(`b${index}`, BVAR, index, null, index + 1, false); }
  sort(level) { return this.leaf(`t${level.id}`, SORT, level, null, 0, level.hasParam); }
  const(name, levels = this.noLevels) {
    return this.leaf(`c${levels.id}:${name}`, CONST, name, levels, 0, levels.hasParam);
  }
  nat(value) { return this.leaf(`n${value.toString(32)}`, NAT, value, null, 0, false); }
  str(value) { return this.leaf(`"${value}`, STR, value, null, 0, false); }
  app(fn, arg) { return this.node(APP, fn, arg, null, Math.max(fn.range, arg.range)); }
  lam(type, body) { return this.node(LAM, type, body, null, Math.max(type.range, body.range - 1)); }
  pi(type, body) { return this.node(PI, type, body, null, Math.max(type.range, body.range - 1)); }
  let(type, value, body) {
    return this.node(LET, type, value, body, Math.max(type.range, value.range, body.range - 1));
  }
  proj(name, field, struct) {
    const make = (id) =>
      new Expr(PROJ, name, field, struct, id, 0, struct.range, struct.hasParam, struct.hasFvar);
    return this.keyed(`j${struct.id}.${field}:${name}`, make);
  }

  // A variable that occurs nowhere else.
  fvar(type) { return new Expr(FVAR, type, null, null, this.newId(), 0, 0, false, true); }

  apps(fn, args, from = 0, to = args.length) {
    for (let at = from; at < to; at++) fn = this.app(fn, args[at]);
    return fn;
  }

  // The expression with `visit` tried on each part, under `depth` binders. `visit(part, depth)` answers an
  // expression, or null to go on into the part. Each part is visited once per depth.
  replace(e, visit) {
    const seen = []; // by depth: Map from part to result
    const go = (part, depth) => {
      this.spend(1);
      const done = visit(part, depth);
      if (done !== null) return done;
      const known = (seen[depth] ??= new Map()).get(part);
      if (known !== undefined) return known;
      const made = this.rebuild(part, depth, go);
      seen[depth].set(part, made);
      return made;
    };
    return go(e, 0);
  }

  rebuild(e, depth, go) {
    switch (e.kind) {
      case APP: return this.app(go(e.fn, depth), go(e.arg, depth));
      case LAM: return this.lam(go(e.type, depth), go(e.body, depth + 1));
      case PI: return this.pi(go(e.type, depth), go(e.body, depth + 1));
      case LET: return this.let(go(e.type, depth), go(e.value, depth), go(e.body, depth + 1));
      case PROJ: return this.proj(e.name, e.field, go(e.struct, depth));
      default: return e;
    }
  }

  // Loose variable i becomes values[to - 1 - i]: the last value belongs to the innermost binder. Values are closed.
  instantiate(e, values, from = 0, to = values.length) {
    const count = to - from;
    if (e.range === 0 || count === 0) return e;
    return this.replace(e, (part, depth) => {
      if (part.range <= depth) return part;
      if (part.kind !== BVAR) return null;
      const index = part.index - depth;
      if (index >= count) return this.bvar(part.index - count);
      const value = values[to - 1 - index];
      if (value.range !== 0) throw decline("internal", "an open term was substituted");
      return value;
    });
  }

  // The reverse: fvars[i] becomes loose variable `fvars.length - 1 - i`. `e` is closed.
  abstract(e, fvars) {
    if (!e.hasFvar) return e;
    return this.replace(e, (part, depth) => {
      if (!part.hasFvar) return part;
      if (part.kind !== FVAR) return null;
      const index = fvars.lastIndexOf(part);
      return index < 0 ? part : this.bvar(depth + fvars.length - 1 - index);
    });
  }

  instantiateLevels(e, names, list) {
    if (!e.hasParam || names.length === 0) return e;
    return this.replace(e, (part) => {
      if (!part.hasParam) return part;
      if (part.kind === SORT) return this.sort(this.substitute(part.level, names, list.items));
      if (part.kind === CONST) return this.const(part.name, this.substituteList(part.levels, names, list.items));
      return null;
    });
  }
}

function headOf(e) {
  while (e.kind === APP) e = e.fn;
  return e;
}

function argsOf(e) {
  const args = [];
  for (; e.kind === APP; e = e.fn) args.push(e.arg);
  return args.reverse();
}

module.exports = {
  BVAR, SORT, CONST, APP, LAM, PI, LET, PROJ, NAT, STR, FVAR, MAX_IDS, Store, headOf, argsOf,
};
