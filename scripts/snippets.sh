#!/usr/bin/env bash
# docs/embedding.md shows what the examples do: every block after `<!-- from FILE: NAME -->` is what
# stands in FILE between `snippet: NAME` and `snippet end`, the indentation aside.
set -euo pipefail
. "$(dirname "$0")/common.sh"

page=docs/embedding.md

# Without the common indentation.
outdent() {
  awk '{ lines[NR] = $0; if ($0 ~ /[^ ]/) { match($0, /^ */); if (!seen++ || RLENGTH < least) least = RLENGTH } }
    END { for (i = 1; i <= NR; i++) print substr(lines[i], least + 1) }'
}

in_example() {
  awk -v name="$2" '$0 ~ "snippet: " name "( -->)?$" { inside = 1; found = 1; next }
    inside && /snippet end/ { exit }
    inside { print }
    END { if (!found) exit 1 }' "$1" | outdent
}

in_page() {
  awk -v marker="<!-- from $1: $2 -->" '$0 == marker { found = 1; next }
    found && /^```/ { if (inside) exit; inside = 1; next }
    inside { print }' "$page"
}

checked=0
while IFS=$'\t' read -r file name; do
  example=$(in_example "$file" "$name") || fail "$file has no snippet: $name"
  [ -n "$example" ] || fail "$file: snippet $name is empty"
  diff <(printf '%s\n' "$example") <(in_page "$file" "$name") || fail "$page shows $name otherwise than $file"
  checked=$((checked + 1))
done < <(sed -nE 's/^<!-- from ([^:]+): (.+) -->$/\1\t\2/p' "$page")
[ "$checked" -gt 0 ] || fail "$page shows no snippet"
echo "$checked snippets of $page are those of the examples"
