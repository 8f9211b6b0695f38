// Universe levels: zero, succ, max, imax and parameters, interned by the store of `expr.cjs`.
//
// Levels are simplified as they are made, always to a level of the same meaning: max and imax with zero or with
// themselves go away, and the second argument of an imax that is left is a parameter:
//   imax a (max x y) = max (imax a x) (imax a y)      imax a (imax x y) = max (imax a y) (imax x y)
// So a level that is zero whatever its parameters is the node `zero`, and sorts that are Prop are one node.
//
// Order (`isAtMost`): Carneiro, "The type theory of Lean", section 2.3. Each imax is split on its parameter being
// zero or a successor; what is left are maxima of parameters and numbers, where atoms compare one by one.
"use strict";

const ZERO = 0, SUCC = 1, MAX = 2, IMAX = 3, PARAM = 4;

class Level {
  constructor(kind, a, b, id, hasParam) {
    this.kind = kind;
    this.a = a; // the level below (SUCC), the first argument (MAX, IMAX), the name (PARAM)
    this.b = b; // the second argument (MAX, IMAX)
    this.id = id;
    this.hasParam = hasParam;
  }
}

// The arguments of one constant, interned: equal lists are one object.
class LevelList {
  constructor(items, id) {
    this.items = items;
    this.id = id;
    this.hasParam = items.some((level) => level.hasParam);
  }
}

// Makes levels; the half of the store that `expr.cjs` extends. `keyed(key, make)` interns.
class Levels {
  startLevels() {
    this.zero = this.keyed("z", (id) => new Level(ZERO, null, null, id, false));
    this.one = this.succ(this.zero);
  }

  succ(level) {
    return this.keyed(`s${level.id}`, (id) => new Level(SUCC, level, null, id, level.hasParam));
  }

  param(name) {
    return this.keyed(`p${name}`, (id) => new Level(PARAM, name, null, id, true));
  }

  max(a, b) {
    this.spend(1);
    if (a === b || b.kind === ZERO) return a;
    if (a.kind === ZERO) return b;
    if (a.kind === SUCC && b.kind === SUCC) return this.succ(this.max(a.a, b.a));
    return this.keyed(`m${a.id},${b.id}`, (id) => new Level(MAX, a, b, id, a.hasParam || b.hasParam));
  }

  imax(a, b) {
    this.spend(1);
    if (a === b || a.kind === ZERO || b.kind === ZERO) return b;
    if (b.kind === SUCC) return this.max(a, b);
    if (b.kind === MAX) return this.max(this.imax(a, b.a), this.imax(a, b.b));
    if (b.kind === IMAX) return this.max(this.imax(a, b.b), b);
    return this.keyed(`i${a.id},${b.id}`, (id) => new Level(IMAX, a, b, id, true));
  }

  list(items) {
    const key = `l${items.map((level) => level.id).join(",")}`;
    return this.keyed(key, (id) => new LevelList(items, id));
  }

  // The level with each parameter `names[i]` replaced by `values[i]`; other parameters stay.
  substitute(level, names, values) {
    if (!level.hasParam) return level;
    this.spend(1);
    const again = (part) => this.substitute(part, names, values);
    if (level.kind === SUCC) return this.succ(again(level.a));
    if (level.kind === MAX) return this.max(again(level.a), again(level.b));
    if (level.kind === IMAX) return this.imax(again(level.a), again(level.b));
    const index = names.indexOf(level.a);
    return index < 0 ? level : values[index];
  }

  substituteList(list, names, values) {
    if (!list.hasParam) return list;
    return this.list(list.items.map((level) => this.substitute(level, names, values)));
  }

  // a <= b + difference for all values of the parameters.
  isAtMost(a, b, difference = 0) {
    this.spend(1);
    if (difference >= 0 && (a === b || a.kind === ZERO)) return true;
    if (difference < 0 && b.kind === ZERO) return false;
    if (a.kind === SUCC) return this.isAtMost(a.a, b, difference - 1);
    if (b.kind === SUCC) return this.isAtMost(a, b.a, difference + 1);
    const name = splitName(a, this) ?? splitName(b, this);
    if (name !== null) {
      return [this.zero, this.succ(this.param(name))].every((value) => {
        const put = (level) => this.substitute(level, [name], [value]);
        return this.isAtMost(put(a), put(b), difference);
      });
    }
    if (a.kind === MAX) return this.isAtMost(a.a, b, difference) && this.isAtMost(a.b, b, difference);
    if (b.kind === MAX) return this.isAtMost(a, b.a, difference) || this.isAtMost(a, b.b, difference);
    return false; // a parameter against another one or a number, or a number that is too large
  }

  areEqual(a, b) {
    return a === b || (this.isAtMost(a, b) && this.isAtMost(b, a));
  }

  areEqualLists(a, b) {
    if (a === b) return true;
    const same = (level, index) => this.areEqual(level, b.items[index]);
    return a.items.length === b.items.length && a.items.every(same);
  }
}

// The parameter of some imax in the level, or null.
function splitName(level, store) {
  store.spend(1);
  if (!level.hasParam || level.kind === PARAM) return null;
  if (level.kind === IMAX) return level.b.a;
  return splitName(level.a, store) ?? (level.kind === MAX ? splitName(level.b, store) : null);
}

module.exports = { ZERO, SUCC, MAX, IMAX, PARAM, Levels };
