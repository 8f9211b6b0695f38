// A strict JSON reader: one value, exactly the whole text, and the tests for its numbers and strings.
//
// `JSON.parse` takes the last of two equal keys, and rounds 1e3, 1.0 and large integers to numbers that look fine.
// Here equal keys are an error; a number that is not a natural number in plain digits of at most 2^53 - 1 does not
// pass `isCount`, and a string with half a surrogate pair does not pass `isText`. The key `__proto__` is an error or
// a key like others. Errors: SyntaxError.
"use strict";

const NOT_PLAIN = Symbol("not a plain integer");
const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /^(?:0|[1-9][0-9]{0,15})$/;
const UNUSUAL = /[\\\u0000-\u001f]/;
const WORDS = new Map([["true", true], ["false", false], ["null", null]]);

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail(what) {
    throw new SyntaxError(`${what} at column ${this.at + 1}`);
  }

  skipSpace() {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return code;
      this.at++;
    }
  }

  expect(char) {
    this.skipSpace();
    if (this.text[this.at] !== char) this.fail(`${char} expected`);
    this.at++;
  }

  // Whether the next character is `char`; it is passed over then.
  take(char) {
    this.skipSpace();
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  value(depth) {
    if (depth > MAX_DEPTH) this.fail("nested too deeply");
    const code = this.skipSpace();
    if (code === 123) return this.object(depth);
    if (code === 91) return this.array(depth);
    if (code === 34) return this.string();
    if (code === 45 || (code >= 48 && code <= 57)) return this.number();
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.fail("a value expected");
  }

  object(depth) {
    const found = {};
    this.expect("{");
    if (this.take("}")) return found;
    do {
      this.skipSpace();
      const key = this.string();
      if (key === "__proto__") this.fail("a key that is not allowed");
      if (Object.hasOwn(found, key)) this.fail(`the key ${JSON.stringify(key)} a second time`);
      this.expect(":");
      found[key] = this.value(depth + 1);
    } while (this.take(","));
    this.expect("}");
    return found;
  }

  array(depth) {
    const found = [];
    this.expect("[");
    if (this.take("]")) return found;
    do found.push(this.value(depth + 1));
    while (this.take(","));
    this.expect("]");
    return found;
  }

  string() {
    if (this.text[this.at] !== '"') this.fail("a string expected");
    let end = this.at;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) this.fail("a string without end");
    } while (this.isEscaped(end));
    const inside = this.text.slice(this.at + 1, end);
    let found = inside;
    if (UNUSUAL.test(inside)) found = JSON.parse(`"${inside}"`); // an error for a bad escape
    this.at = end + 1;
    return found;
  }

  isEscaped(quote) {
    let start = quote;
    while (this.text.charCodeAt(start - 1) === 92) start--;
    return (quote - start) % 2 === 1;
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) this.fail("a number expected");
    this.at += found[0].length;
    const value = Number(found[0]);
    return PLAIN.test(found[0]) && Number.isSafeInteger(value) ? value : NOT_PLAIN;
  }
}

// Text that `JSON.stringify` gives back to the letter has no second key, no space and no odd spelling of a number
// or a string that it hides: most lines of an export pass here, at the speed of the engine.
function read(text) {
  const quick = JSON.parse(text);
  if (JSON.stringify(quick) === text) return quick;
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.skipSpace();
  if (reader.at !== text.length) reader.fail("the end expected");
  return value;
}

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isText = (value) => typeof value === "string" && value.isWellFormed();

module.exports = { read, isCount, isText };
