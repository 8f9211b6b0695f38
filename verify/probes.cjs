// Prints what each probe of the sandbox came to, as JSON: node probes.cjs
"use strict";
const { tried } = require("./sandbox.cjs");

console.log(JSON.stringify(tried()));
