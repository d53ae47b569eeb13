#!/usr/bin/env bash
# docs/api.md shows what stands between the marks; scripts/schemathesis.sh runs it.
# RENOVA is the server's address, RENOVA_KEY a key with the scopes.
set -euo pipefail
# <docs>
api() { curl -fsS -H "Authorization: Bearer $RENOVA_KEY" -H 'Content-Type: application/json' "$@"; }

# A customer of yours, by your own id; send it as often as you like.
api -X PUT "$RENOVA/api/v1/organizations/customer-42" -d '{"name": "Loja Sol", "locale": "pt-BR"}'
api -X PUT "$RENOVA/api/v1/organizations/customer-42/users/7" \
  -d '{"email": "eva@loja-sol.example", "name": "Eva Lima", "role": "admin"}'

# Everything that is connected, and the token of the first channel.
channel=$(api "$RENOVA/api/v1/channels?organization=boreal" | grep -o '"id":"[^"]*"' | head -n 1 | cut -d'"' -f4)
api "$RENOVA/api/v1/channels/$channel/token"

# Meta has refused a use of it: Renova looks at once.
api "$RENOVA/api/v1/channels/$channel/report" -d '{"code": 190, "subcode": 463}'
# </docs>
