// Makes each script smaller, as `esbuild` or `terser` does: from standard input a list of
// {text, module}, to standard output the list of texts.
"use strict";

const { readFileSync } = require("fs");
const { createRequire } = require("module");

const [folder, tool] = process.argv.slice(2);
const installed = createRequire(folder + "/");

const TOOLS = {
  esbuild: async ({ text }) => (await installed("esbuild").transform(text, { minify: true })).code,
  terser: async ({ text, module }) => (await installed("terser").minify(text, { module })).code,
};

async function main() {
  const made = [];
  for (const script of JSON.parse(readFileSync(0, "utf8"))) {
    made.push(await TOOLS[tool](script));
  }
  process.stdout.write(JSON.stringify(made));
}

main();
