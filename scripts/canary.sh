#!/usr/bin/env bash
# Looks for secrets where none may be:
#   canary.sh CANARIES PATH...
# CANARIES holds one secret per line, written by the tests that used them. Each
# is looked for in every file below the paths, as it is and as base64 (at each
# of its three offsets), hex and percent-encoding. Any hit fails; so does a run
# that has nothing to look for or nowhere to look.
set -euo pipefail
. "$(dirname "$0")/common.sh"

[ $# -ge 2 ] || fail "canary.sh CANARIES PATH..."
canaries=$1
shift
[ -s "$canaries" ] || fail "$canaries is missing or empty: the tests wrote no secret to look for"
for path in "$@"; do
  [ -e "$path" ] || fail "$path is missing: nothing to search"
done

node - "$canaries" "$@" <<'JS'
const fs = require('node:fs');
const path = require('node:path');
const [list, ...roots] = process.argv.slice(2);
const own = path.resolve(list);

function forms(secret) {
  const bytes = Buffer.from(secret);
  const found = new Map([[secret, 'plain']]);
  const add = (text, name) => { if (text.length >= 8 && !found.has(text)) found.set(text, name); };
  for (const offset of [0, 1, 2]) {
    // Inside a longer text, base64 shifts; letters that also carry bits of the
    // neighbours are left out.
    const coded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '');
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    const text = coded.slice(Math.ceil((offset * 8) / 6), whole);
    add(text, 'base64');
    add(text.replaceAll('+', '-').replaceAll('/', '_'), 'base64url');
  }
  add(bytes.toString('hex'), 'hex');
  add(bytes.toString('hex').toUpperCase(), 'hex');
  const percent = encodeURIComponent(secret);
  add(percent, 'percent');
  add(percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()), 'percent');
  add(percent.replaceAll('%20', '+'), 'form');
  add(JSON.stringify(secret).slice(1, -1), 'json');
  return found;
}

const secrets = [...new Set(fs.readFileSync(list, 'utf8').split('\n').map((line) => line.trim()).filter(Boolean))];
for (const secret of secrets) {
  if (secret.length < 8) {
    console.error(`a secret of ${secret.length} letters would be found everywhere: use longer ones`);
    process.exit(1);
  }
}
const needles = secrets.flatMap((secret, index) =>
  [...forms(secret)].map(([text, form]) => ({ bytes: Buffer.from(text), form, line: index + 1 })));

let files = 0;
let hits = 0;
function search(file) {
  const info = fs.lstatSync(file);
  if (info.isDirectory()) {
    for (const name of fs.readdirSync(file)) search(path.join(file, name));
  } else if (info.isFile() && path.resolve(file) !== own) {
    files += 1;
    const content = fs.readFileSync(file);
    for (const { bytes, form, line } of needles) {
      const at = content.indexOf(bytes);
      if (at >= 0) {
        hits += 1;
        console.error(`${file}: byte ${at} holds secret ${line} (${form})`);
      }
    }
  }
}
roots.forEach(search);
console.log(`${secrets.length} secrets, ${files} files searched, ${hits} hits`);
process.exit(files === 0 || hits > 0 ? 1 : 0);
JS
