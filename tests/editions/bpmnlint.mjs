// node bpmnlint.mjs <folder with node_modules> FILE… prints what bpmnlint's recommended rules and the reader find, as JSON.
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';

const [folder, ...files] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const { Linter } = require('bpmnlint');
const { BpmnModdle } = require('bpmn-moddle');
const NodeResolver = require('bpmnlint/lib/resolver/node-resolver.js');

// A linter remembers ids, and editions have processes of the same names: each file gets one of its own.
const linter = () =>
  new Linter({ config: { extends: 'bpmnlint:recommended' }, resolver: new NodeResolver({ require }) });

const found = [];
for (const file of files) {
  const { rootElement, warnings } = await new BpmnModdle().fromXML(await readFile(file, 'utf8'));
  found.push(...warnings.map(({ message }) => ({ file, rule: 'reader', message })));
  for (const [rule, reports] of Object.entries(await linter().lint(rootElement))) {
    found.push(...reports.map(({ id, message }) => ({ file, rule, id, message })));
  }
}
console.log(JSON.stringify(found));
