"""Tokens of the demo, and whether answers of the API hold one where none may be.

secrets.py prepare SITE KEY SECRETS CONFIG
    notes the tokens of every channel, and writes a configuration of schemathesis that
    names a channel and a connection that are there.
secrets.py search HAR SECRETS
    fails where an answer but that of the token's own operation holds one of them.
"""

import json
import sys
import urllib.error
import urllib.request


def get(site, key, path):
    request = urllib.request.Request(f"{site}/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def prepare(site, key, secrets, config):
    channels = get(site, key, "/channels?limit=100")["data"]
    tokens = {key}
    for channel in channels:
        try:
            tokens.add(get(site, key, f"/channels/{channel['id']}/token")["token"])
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
    if len(tokens) < 3:
        sys.exit("the demo has no tokens to look for")
    with open(secrets, "w", encoding="utf-8") as file:
        file.write("\n".join(sorted(tokens)))
    channel = next(it for it in channels if it["kind"] == "instagram" and it["status"] != "expired")
    ids = {
        "getChannel": channel["id"],
        "changeChannel": channel["id"],
        "getChannelToken": channel["id"],
        "reportFailure": channel["id"],
        "getConnection": channel["connection_id"],
        "checkConnection": channel["connection_id"],
    }
    with open(config, "w", encoding="utf-8") as file:
        for operation, id in ids.items():
            file.write(f'[[operations]]\ninclude-operation-id = "{operation}"\nparameters = {{ "path.id" = "{id}" }}\n\n')


def search(har, secrets):
    with open(secrets, encoding="utf-8") as file:
        tokens = file.read().split()
    with open(har, encoding="utf-8") as file:
        entries = json.load(file)["log"]["entries"]
    if len(entries) < 200:
        sys.exit(f"only {len(entries)} calls were recorded")
    for entry in entries:
        url = entry["request"]["url"].split("?")[0]
        if url.endswith("/token"):
            continue
        answer = entry["response"]
        text = json.dumps([answer.get("headers"), answer.get("content")])
        if any(token in text for token in tokens):
            sys.exit(f"a secret in the answer to {entry['request']['method']} {url}")
    print(f"{len(entries)} answers, no secret where none may be")


if __name__ == "__main__":
    {"prepare": prepare, "search": search}[sys.argv[1]](*sys.argv[2:])
