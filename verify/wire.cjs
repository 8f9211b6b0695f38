// The two ends of a Node host's conversation with its parent (verify/process.py): requests on descriptor 0,
// answers on descriptor 3, one JSON value per line. What a candidate prints goes elsewhere.
//
//   send(text)      writes a line
//   readRequest()   the bytes of the next line, without its end; null when the parent is gone. The parent sends one
//                   request at a time, so nothing follows a line before it was answered.
// Both block.
"use strict";
const fs = require("fs");

const REQUESTS = 0, ANSWERS = 3;
const READ_BYTES = 1 << 16;
const LINE_END = 10;

function send(text) {
  const data = Buffer.from(text + "\n", "utf8");
  for (let at = 0; at < data.length; ) at += fs.writeSync(ANSWERS, data, at);
}

function readRequest() {
  const pieces = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(READ_BYTES);
    let size;
    try {
      size = fs.readSync(REQUESTS, chunk, 0, READ_BYTES);
    } catch (error) {
      if (error.code === "EAGAIN") continue;
      if (error.code !== "EOF") throw error;
      size = 0;
    }
    if (size === 0) return null;
    pieces.push(chunk.subarray(0, size));
    if (chunk[size - 1] === LINE_END) return Buffer.concat(pieces).subarray(0, -1);
  }
}

module.exports = { readRequest, send };
