"""What schemathesis needs to know of the shop: who asks, and ids that exist.

Loaded by `st run` (SCHEMATHESIS_HOOKS). Reads BASE_URL, ADMIN_EMAIL, ADMIN_PASSWORD, the same of a second admin whose
sessions may be ended (SPARE_*), FUZZ_ROLE (anonymous, customer or admin), FUZZ_SEED and FUZZ_COUNTS, the file that gets what came of each operation:
{"POST /api/orders": {"cases": 9, "positive": 5, "accepted": 2, "statuses": {"201": 2, "400": 7}}}
"""

import atexit
import json
import os
import random
import threading
import time
import uuid
from collections import Counter

import requests
import schemathesis

BASE = os.environ["BASE_URL"]
ROLE = os.environ["FUZZ_ROLE"]
PASSWORD = "pass123"
# The rest of the valid cases keep what was generated: nobody's id, nobody's password.
REAL = 0.8
PREPARED = random.Random(int(os.environ["FUZZ_SEED"]))

http = threading.local()
lock = threading.Lock()
counts = {}


def ask(method, path, body=None, token=None):
    """One request of our own, which is not counted; the body of its answer."""
    if not hasattr(http, "session"):
        http.session = requests.Session()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = http.session.request(method, BASE + path, json=body, headers=headers, timeout=10)
    if not response.ok:
        raise RuntimeError(f"{method} {path}: {response.status_code} {response.text}")
    return response.json() if response.content else None


class Account:
    """Somebody who can log in as often as it takes."""

    def __init__(self, email, password):
        self.email = email
        self.password = password
        self.known = None
        self.renew_at = 0

    @classmethod
    def new(cls):
        account = cls(f"{uuid.uuid4()}@fuzz.test", PASSWORD)
        ask("POST", "/api/auth/register", {"email": account.email, "password": PASSWORD, "name": "Fuzz"})
        return account

    def token(self):
        """One that is good for some minutes: a login costs more than all else a case does."""
        if time.monotonic() > self.renew_at:
            self.known = self.session()["accessToken"]
            self.renew_at = time.monotonic() + 300
        return self.known

    def session(self):
        return ask("POST", "/api/auth/login", {"email": self.email, "password": self.password})


ADMIN = Account(os.environ["ADMIN_EMAIL"], os.environ["ADMIN_PASSWORD"])
SPARE = Account(os.environ["SPARE_EMAIL"], os.environ["SPARE_PASSWORD"])
CUSTOMER = Account.new()


PRODUCT = {"price": 1.5, "category": "Fuzz", "stock": 1_000_000}


def new_product():
    return ask("POST", "/api/products", {**PRODUCT, "name": f"Fuzz {uuid.uuid4()}"}, ADMIN.token())["id"]


# More than a page. Not the demo catalogue: SecantusDB's Python build reads all of it for each search.
PRODUCTS = [new_product() for _ in range(25)]


def me():
    return {"customer": CUSTOMER, "admin": ADMIN}.get(ROLE)


@schemathesis.auth(refresh_interval=300)
class RoleAuth:
    """Tokens live for 15 minutes, a run may take longer."""

    issued = set()

    def get(self, case, ctx):
        token = me().session()["accessToken"] if me() else None
        self.issued.add(f"Bearer {token}")
        return token

    def set(self, case, data, ctx):
        if data is not None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


def own_order(status="confirmed"):
    """A new order of whoever asks, moved to where it can be moved on."""
    token = (me() or CUSTOMER).token()
    # Not one of PRODUCTS, whose stock other cases change.
    line = {"productId": new_product(), "quantity": 1}
    order = ask("POST", "/api/orders", {"items": [line]}, token)["id"]
    for move in {"confirmed": [], "paid": ["pay"], "shipped": ["pay", "ship"]}[status]:
        ask("POST", f"/api/orders/{order}/{move}", None, ADMIN.token())
    return order


def order_id(status="confirmed"):
    def fill(case):
        case.path_parameters = {**(case.path_parameters or {}), "id": own_order(status)}

    return fill


def product_id(fresh=False):
    def fill(case):
        known = new_product() if fresh else PREPARED.choice(PRODUCTS)
        case.path_parameters = {**(case.path_parameters or {}), "id": known}

    return fill


@schemathesis.serializer("application/x-ndjson", "text/csv")
def as_it_is(ctx, value):
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode()


def product_lines(case):
    case.media_type = "application/x-ndjson"
    case.body = "\n".join(json.dumps({**PRODUCT, "name": f"Line {PREPARED.random()}"}) for _ in range(3))


def product_change(case):
    product_id()(case)
    # Absolute stock needs the version that was read, which no schema can give.
    if isinstance(case.body, dict):
        case.body = {name: value for name, value in case.body.items() if name != "stock"} or {"price": 2.5}


def order_lines(case):
    if isinstance(case.body, dict):
        lines = [{"productId": each, "quantity": PREPARED.randint(1, 3)} for each in PREPARED.sample(PRODUCTS, 2)]
        case.body = {"items": lines}
        # One key stands for one order.
        case.headers = {**(case.headers or {}), "idempotency-key": str(uuid.uuid4())}


def one_line_a_product(case):
    # The lines of one product together may ask for no more than one line may: no schema says so.
    items = case.body.get("items") if isinstance(case.body, dict) else None
    if isinstance(items, list):
        case.body = {**case.body, "items": list({line["productId"]: line for line in items}.values())}


def credentials(case):
    case.body = {"email": CUSTOMER.email, "password": CUSTOMER.password}


def registration(case):
    if isinstance(case.body, dict):
        case.body = {**case.body, "email": f"{uuid.uuid4()}@fuzz.test", "password": PASSWORD}


def refresh_token(case):
    case.body = {"refreshToken": CUSTOMER.session()["refreshToken"]}


def same_password(case):
    password = SPARE.password if ROLE == "admin" else PASSWORD
    case.body = {"currentPassword": password, "newPassword": password}


def plain_query(case):
    # A cursor belongs to the list that gave it, and one bound to the other: no schema says so.
    case.query = {name: value for name, value in (case.query or {}).items() if name not in ("cursor", "maxPrice")}


# What makes a valid request one that can succeed.
FILL = {
    "POST /api/auth/login": credentials,
    "POST /api/auth/register": registration,
    "POST /api/auth/refresh": refresh_token,
    "POST /api/auth/password": same_password,
    "GET /api/products": plain_query,
    "GET /api/products/{id}": product_id(),
    "POST /api/products/import": product_lines,
    "PATCH /api/products/{id}": product_change,
    "DELETE /api/products/{id}": product_id(fresh=True),
    "POST /api/orders": order_lines,
    "GET /api/orders": plain_query,
    "GET /api/orders/{id}": order_id(),
    "POST /api/orders/{id}/cancel": order_id(),
    "POST /api/orders/{id}/pay": order_id(),
    "POST /api/orders/{id}/ship": order_id("paid"),
    "POST /api/orders/{id}/deliver": order_id("shipped"),
}
# They end the session that asks: it must not be the one that all other cases need.
ENDS_SESSION = {"POST /api/auth/logout", "POST /api/auth/logout-all", "POST /api/auth/password"}


def in_story(case):
    return case.meta is not None and case.meta.phase.name.value == "stateful"


def chosen(fill):
    return fill is plain_query or PREPARED.random() < REAL


def is_positive(case):
    return case.meta is None or case.meta.generation.mode.value == "positive"


@schemathesis.hook
def before_call(context, case, kwargs):
    label = case.operation.label
    # What the fuzzer made up itself is to be refused as it is.
    is_ours = (case.headers or {}).get("Authorization") in RoleAuth.issued
    if is_ours and label in ENDS_SESSION:
        account = SPARE if ROLE == "admin" else Account.new()
        case.headers["Authorization"] = f"Bearer {account.session()['accessToken']}"
    if label == "DELETE /api/products/{id}" and (case.path_parameters or {}).get("id") in PRODUCTS:
        # Others are asked for by the cases to come.
        case.path_parameters = {"id": new_product()}
    if label == "POST /api/orders" and is_positive(case):
        one_line_a_product(case)
    fill = FILL.get(label)
    # A step of a story has its ids from the steps before.
    if fill and is_positive(case) and not ("{id}" in label and in_story(case)) and chosen(fill):
        fill(case)


@schemathesis.hook
def after_call(context, case, response):
    with lock:
        of = counts.setdefault(
            case.operation.label, {"cases": 0, "positive": 0, "accepted": 0, "statuses": Counter()}
        )
        of["cases"] += 1
        of["statuses"][str(response.status_code)] += 1
        # A case whose method or credentials were tampered with is not one that should succeed.
        if is_positive(case) and case.method.upper() == case.operation.method.upper():
            of["positive"] += 1
            of["accepted"] += response.status_code < 300


@atexit.register
def write_counts():
    with open(os.environ["FUZZ_COUNTS"], "w", encoding="utf-8") as file:
        json.dump(counts, file, indent=2)
