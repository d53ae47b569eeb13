#!/usr/bin/env bash
# The commands that README and docs/ name exist: make targets, scripts and
# `cargo xtask` commands.
set -euo pipefail
. "$(dirname "$0")/common.sh"

[ -f README.md ] || fail "there is no README.md"
mapfile -t pages < <(find README.md docs -name '*.md' | sort)

# Only words in code: between backticks, or a line that begins with the command.
commands() {
  grep -hoE "(\`|^ *\\$? ?)$1" "${pages[@]}" | sed -E 's/^(`| *\$? ?)//' | sort -u
}

wrong=0
while read -r _ target; do
  if ! grep -qE "^$target:" Makefile; then
    say "make $target is named, but is no target"
    wrong=1
  fi
done < <(commands 'make [a-z][a-z0-9-]*')
while read -r script; do
  if [ ! -x "$script" ]; then
    say "$script is named, but is no script"
    wrong=1
  fi
done < <(commands 'scripts/[a-z0-9-]+\.sh')
while read -r _ _ command; do
  if ! grep -q "Some(\"$command\"" xtask/src/main.rs; then
    say "cargo xtask $command is named, but is no command"
    wrong=1
  fi
done < <(commands 'cargo xtask [a-z]+')
[ "$wrong" = 0 ] || exit 1
echo "every command in ${#pages[@]} pages exists"
