"""Meta's own Python SDK against a running simulator: check.py BASE_URL.

Prints one line per check and `N passed, N failed`.
"""

import sys
import traceback
import warnings

from facebook_business.adobjects.business import Business
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from dialog import APP_ID, APP_SECRET, control, log_in

EXPRESS = "131925740618275"
FIELDS = ["id", "name", "access_token", "tasks", "instagram_business_account{id,username}"]
MESSAGES = ["messages", "messaging_postbacks", "message_reactions"]


class Checks:
    """Run in the order in which they are written, each on what the former left."""

    def __init__(self, base):
        self.base = base
        control(base, "POST", "reset")
        self.token = log_in(base, "Ana Souza", also=[EXPRESS])
        self.me = User("me", api=self.api(self.token))

    def api(self, token):
        return FacebookAdsApi(FacebookSession(APP_ID, APP_SECRET, token))

    def page(self, name):
        """A Page with an SDK that uses the Page's own token."""
        found = next(page for page in self.me.get_accounts(fields=FIELDS) if page["name"] == name)
        return Page(found["id"], api=self.api(found["access_token"]))

    def break_next_call(self, fault):
        control(self.base, "POST", "faults", on="graph:/*", fault=fault)

    def check_person(self):
        me = self.me.api_get(fields=["id", "name"])
        same(me["name"], "Ana Souza")

    def check_pages_with_fields(self):
        pages = list(self.me.get_accounts(fields=FIELDS))
        same([page["name"] for page in pages], ["Loja Aurora", "Aurora Outlet"])
        same(pages[0]["instagram_business_account"]["username"], "loja.aurora")
        same("MESSAGING" in pages[0]["tasks"], True)
        same("instagram_business_account" in pages[1], False)
        differ(pages[0]["access_token"], pages[1]["access_token"])

    def check_several_pages_of_a_list(self):
        cursor = self.me.get_accounts(fields=["name"], params={"limit": 1, "summary": True})
        same(len(cursor), 1)
        same(cursor.total(), 2)
        same([page["name"] for page in cursor], ["Loja Aurora", "Aurora Outlet"])

    def check_permissions(self):
        granted = [entry["permission"] for entry in self.me.get_permissions() if entry["status"] == "granted"]
        for permission in ["pages_messaging", "instagram_manage_messages", "business_management"]:
            same(permission in granted, True)

    def check_businesses_and_their_pages(self):
        businesses = list(self.me.get_businesses(fields=["id", "name", "verification_status", "link"]))
        same([business["name"] for business in businesses], ["Aurora Comércio"])
        business = Business(businesses[0]["id"], api=self.me.get_api())
        owned = list(business.get_owned_pages(fields=["name", "access_token"], params={"limit": 1}))
        same([page["name"] for page in owned], ["Loja Aurora", "Aurora Outlet", "Aurora Express"])
        same(all("access_token" in page for page in owned), True)
        same(list(business.get_client_pages(fields=["name"])), [])
        same(business.api_get(fields=["name"])["name"], "Aurora Comércio")
        assigned = [page["name"] for page in self.me.get_assigned_pages(fields=["name"])]
        same("Aurora Express" in assigned, True)

    def check_subscribe_read_back_unsubscribe(self):
        page = self.page("Loja Aurora")
        same(list(page.get_subscribed_apps()), [])
        page.create_subscribed_app(params={"subscribed_fields": MESSAGES})
        apps = list(page.get_subscribed_apps(fields=["id", "name", "subscribed_fields"]))
        same([app["id"] for app in apps], [APP_ID])
        same(apps[0]["subscribed_fields"], MESSAGES)
        page.delete_subscribed_apps()
        same(list(page.get_subscribed_apps()), [])

    def check_unknown_field_of_a_subscription(self):
        page = self.page("Loja Aurora")
        wrong = {"subscribed_fields": ["messages", "messaging_seen"]}
        error = fails(lambda: page.create_subscribed_app(params=wrong))
        same((error.api_error_code(), error.http_status()), (100, 400))
        same("subscribed_fields[1]" in error.api_error_message(), True)

    def check_unknown_field_of_a_page(self):
        error = fails(lambda: self.page("Loja Aurora").api_get(fields=["owned_pages"]))
        same(error.api_error_code(), 100)
        same(error.api_error_message().endswith("nonexisting field (owned_pages) on node type (Page)"), True)

    def check_rate_limit(self):
        self.break_next_call("rate_limit")
        error = fails(lambda: self.me.get_accounts())
        same((error.api_error_code(), error.api_transient_error()), (4, True))
        same(error.http_headers()["Retry-After"], "300")
        same(len(self.me.get_accounts()), 2)

    def check_rate_limit_of_a_page(self):
        page = self.page("Loja Aurora")
        self.break_next_call("rate_limit_business")
        error = fails(lambda: page.get_subscribed_apps())
        same(error.api_error_code(), 80001)
        same("estimated_time_to_regain_access" in error.http_headers()["X-Business-Use-Case-Usage"], True)

    def check_outage(self):
        self.break_next_call("http_503")
        error = fails(lambda: self.me.api_get(fields=["id"]))
        same((error.http_status(), error.api_error_code(), error.api_transient_error()), (503, 2, True))

    def check_wrong_proof(self):
        stranger = FacebookAdsApi(FacebookSession(APP_ID, "another secret", self.token))
        error = fails(lambda: User("me", api=stranger).api_get(fields=["id"]))
        same(error.api_error_code(), 100)

    def check_revoked_permission(self):
        page = self.page("Loja Aurora")
        self.me.delete_permissions(params={"permission": "pages_messaging"})
        declined = [entry["permission"] for entry in self.me.get_permissions(params={"status": "declined"})]
        same(declined, ["pages_messaging"])
        error = fails(lambda: page.create_subscribed_app(params={"subscribed_fields": ["messages"]}))
        same((error.http_status(), error.api_error_code()), (403, 200))
        same(error.api_error_type(), "OAuthException")

    def check_missing_business_management(self):
        self.me.delete_permissions(params={"permission": "business_management"})
        error = fails(lambda: self.me.get_businesses())
        same(error.api_error_code(), 200)

    def check_password_changed(self):
        control(self.base, "POST", "invalidate", person="Ana Souza", subcode=460)
        error = fails(lambda: self.me.api_get(fields=["id"]))
        same((error.api_error_code(), error.api_error_subcode()), (190, 460))

    def check_expired(self):
        clara = User("me", api=self.api(log_in(self.base, "Clara Lima")))
        same(len(clara.get_accounts()), 1)
        control(self.base, "POST", "clock", advance="61d")
        error = fails(lambda: clara.get_accounts())
        same((error.api_error_code(), error.api_error_subcode()), (190, 463))
        same("Session has expired on" in error.api_error_message(), True)

    def check_everything_revoked(self):
        davi = User("me", api=self.api(log_in(self.base, "Davi Rocha")))
        same(list(davi.get_accounts()), [])
        davi.delete_permissions()
        error = fails(lambda: davi.api_get(fields=["id"]))
        same((error.api_error_code(), error.api_error_subcode()), (190, 458))


def same(value, wanted):
    if value != wanted:
        raise AssertionError(f"{value!r} instead of {wanted!r}")


def differ(one, other):
    if one == other:
        raise AssertionError(f"both are {one!r}")


def fails(call):
    """The SDK's own exception, which every check of a failure expects."""
    try:
        call()
    except FacebookRequestError as error:
        return error
    raise AssertionError("the call went through")


def main(base):
    # It knows no Page field `tasks`, which `/me/accounts` returns all the same.
    warnings.filterwarnings("ignore", module="facebook_business")
    FacebookSession.GRAPH = f"{base}/graph"
    checks = Checks(base)
    passed = failed = 0
    for name in [name for name in vars(Checks) if name.startswith("check_")]:
        title = name.removeprefix("check_").replace("_", " ")
        try:
            getattr(checks, name)()
        except Exception as error:  # a check may fail in any way
            failed += 1
            print(f"FAILED  {title}: {type(error).__name__}: {error}")
            traceback.print_exc()
        else:
            passed += 1
            print(f"ok      {title}")
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("check.py BASE_URL")
    sys.exit(main(sys.argv[1].rstrip("/")))
