"""A platform that takes Renova's webhooks: receiver.py PORT SECRET_FILE

Prints a line for each event that it acts upon.
"""

import json
import pathlib
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

# <docs>
from standardwebhooks.webhooks import Webhook

seen = set()  # in production: a table with a unique column


def receive(secret, body, headers):
    event = Webhook(secret).verify(body, headers)  # raises for what is not Renova's
    if headers["webhook-id"] in seen:
        return 204  # told before: done already
    seen.add(headers["webhook-id"])
    act_upon(event)  # {"type", "timestamp", "data": {"organization": {"external_id"}, …}}
    return 204
# </docs>


def act_upon(event):
    told = {"type": event["type"], "organization": event["data"]["organization"]["external_id"]}
    print(json.dumps(told), flush=True)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        # The bytes as they came: what is parsed and written again has another signature.
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            status = receive(SECRET_FILE.read_text().strip(), body, headers)
        except Exception as error:  # whatever it is, it was not taken
            print(error, file=sys.stderr)
            status = 400
        self.send_response(status)
        self.end_headers()

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    SECRET_FILE = pathlib.Path(sys.argv[2])
    server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    print("ready", flush=True)
    server.serve_forever()
