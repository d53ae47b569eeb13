"""The login dialog without a browser: its pages are plain forms."""

import html.parser
import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request

APP_ID = "1234567890"
APP_SECRET = "sim-app-secret"
BACK = "http://127.0.0.1:9/callback"
SCOPES = (
    "pages_show_list,pages_messaging,pages_manage_metadata,pages_read_engagement,"
    "instagram_basic,instagram_manage_messages,business_management"
)


class Form(html.parser.HTMLParser):
    """The one form of a page: where it goes, its fields, its buttons by label."""

    def __init__(self):
        super().__init__()
        self.action = None
        self.fields = []
        self.boxes = []
        self.buttons = {}
        self._button = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.action = attrs["action"]
        elif tag == "button":
            self._button = (attrs["name"], attrs["value"])
        elif tag == "input" and "name" in attrs:
            if attrs.get("type") in ("checkbox", "radio"):
                self.boxes.append((attrs["name"], attrs["value"], "checked" in attrs))
            else:
                self.fields.append((attrs["name"], attrs["value"]))

    def handle_data(self, data):
        if self._button:
            self.buttons[data.strip()] = self._button
            self._button = None


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Person:
    """Somebody who logs in at the simulated Facebook."""

    def __init__(self, base):
        self.base = base
        self.form = None
        self.left_to = None
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(NoRedirect, cookies)

    def open(self, address, data=None):
        try:
            with self.opener.open(address, data, timeout=10) as answer:
                self.form = Form()
                self.form.feed(answer.read().decode())
        except urllib.error.HTTPError as error:
            if error.code != 303:
                raise
            to = urllib.parse.urljoin(address, error.headers["Location"])
            if to.startswith(self.base):
                self.open(to)
            else:
                self.left_to = to

    def press(self, label, also=()):
        """Sends the form by one of its buttons, with more boxes ticked."""
        fields = self.form.fields + [self.form.buttons[label]]
        fields += [(name, value) for name, value, on in self.form.boxes if on or value in also]
        self.open(self.base + self.form.action, urllib.parse.urlencode(fields).encode())


def log_in(base, name, also=()):
    """A long-lived token of a person who grants everything and `also` these ids."""
    query = {"client_id": APP_ID, "redirect_uri": BACK, "scope": SCOPES, "state": "sdk"}
    person = Person(base)
    person.open(f"{base}/www/v25.0/dialog/oauth?{urllib.parse.urlencode(query)}")
    person.press(name)
    person.press("Continuar", also)
    person.press("Concluir")
    answer = urllib.parse.parse_qs(urllib.parse.urlsplit(person.left_to).query)
    short = token(base, code=answer["code"][0], redirect_uri=BACK)
    return token(base, grant_type="fb_exchange_token", fb_exchange_token=short)


def token(base, **params):
    params |= {"client_id": APP_ID, "client_secret": APP_SECRET}
    return call(f"{base}/graph/oauth/access_token", urllib.parse.urlencode(params).encode())["access_token"]


def control(base, method, path, **body):
    """Steers the simulator."""
    return call(f"{base}/_sim/{path}", json.dumps(body).encode(), method)


def call(address, data, method="POST"):
    request = urllib.request.Request(address, data, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)
