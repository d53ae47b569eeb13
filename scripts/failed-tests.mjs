// node failed-tests.mjs REPORT: what failed in a JSON report of Playwright, a line each.
import { readFileSync } from 'node:fs';

const colours = /\u001b\[[0-9;]*m/g;
const firstLine = (text = '') => text.replace(colours, '').split('\n')[0].trim();

const failures = ({ file, suites = [], specs = [] }) => [
  ...specs
    .filter((spec) => !spec.ok)
    .map((spec) => {
      const errors = spec.tests.flatMap((test) => test.results.flatMap((result) => result.errors));
      return `${file}:${spec.line} ${spec.title}: ${firstLine(errors[0]?.message)}`;
    }),
  ...suites.flatMap(failures),
];

const { suites, errors } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const line of suites.flatMap(failures)) console.log(line);
for (const error of errors) console.log(firstLine(error.message));
