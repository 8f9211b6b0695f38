// The one way in which a check ends early: `throw refuse(verdict, rule, reason)`.
//
// `rejected` says that something is wrong with the candidate, `declined` that this checker cannot say.
// A refusal passes through the recursion of the checker, so it carries no stack trace.
"use strict";

class Refusal {
  constructor(verdict, rule, reason) {
    this.verdict = verdict;
    this.rule = rule;
    this.reason = reason;
  }
}

const reject = (rule, reason) => new Refusal("rejected", rule, reason);
const decline = (rule, reason) => new Refusal("declined", rule, reason);

module.exports = { Refusal, reject, decline };
