// What eslint-scope makes of the scripts named on the command line: for each reference to a name
// its start, its end, and the starts of the names where what it means is declared.
"use strict";

const { readFileSync } = require("fs");
const { createRequire } = require("module");

const [folder, ...paths] = process.argv.slice(2);
const installed = createRequire(folder + "/");
const { parse } = installed("espree");
const { analyze } = installed("eslint-scope");

// How many characters, of which an astral one is two units here, come before each place.
function characters(text) {
  const before = new Uint32Array(text.length + 1);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    before[i + 1] = before[i] + (code >= 0xdc00 && code < 0xe000 ? 0 : 1);
  }
  return before;
}

function declared(variable) {
  return variable ? variable.defs.map((definition) => definition.name.range[0]) : [];
}

function references(text, sourceType) {
  const tree = parse(text, { ecmaVersion: "latest", sourceType, range: true });
  const manager = analyze(tree, { ecmaVersion: 2022, sourceType, ignoreEval: true });
  const before = characters(text);
  const found = [];
  for (const scope of manager.scopes) {
    for (const reference of scope.references) {
      const name = reference.identifier.name;
      // What is declared with `var` at the top of a classic script is left to the page.
      const variable = reference.resolved || manager.globalScope.set.get(name);
      const places = [...reference.identifier.range, ...declared(variable)];
      found.push(places.map((place) => before[place]));
    }
  }
  return found;
}

for (const path of paths) {
  const text = readFileSync(path, "utf8");
  let found;
  try {
    found = references(text, "script");
  } catch {
    found = references(text, "module");
  }
  process.stdout.write(JSON.stringify(found) + "\n");
}
