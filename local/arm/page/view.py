"""The page as HTML."""

from collections.abc import Iterable, Sequence

from local.arm.documents import Json
from local.arm.operations import Operation
from local.arm.page.html import Content, Markup, tag
from local.arm.page.overview import Entry, Group, Overview

TITLE = "Local Azure"
STYLE, SIGN_IN, SIGN_OUT = "/page/style.css", "/page/sign-in", "/page/sign-out"
WORDS = {"put": "write", "deploy": "deploy", "delete": "delete", "purge": "purge"}
BAD, BUSY = ("Failed", "Canceled", "Fired"), ("InProgress", "Creating", "Updating", "Deleting", "Running", "Accepted")


def sign_in(refusal: str | None = None) -> str:
    """The form that asks for the token."""
    problem = {"aria_describedby": "problem", "aria_invalid": "true"} if refusal else {}
    form = tag(
        "form",
        tag("label", "Token", for_="token"),
        tag(
            "input",
            id="token",
            name="token",
            type="password",
            autocomplete="off",
            spellcheck="false",
            required=True,
            autofocus=True,
            **problem,
        ),
        tag("p", refusal, id="problem", role="alert", class_="problem") if refusal else None,
        tag("p", "It is the member ", tag("code", "token"), " of ", tag("code", ".local/arm.json"), ".", class_="hint"),
        tag("button", "Sign in", type="submit"),
        method="post",
        action=SIGN_IN,
    )
    return _document(tag("main", tag("h1", TITLE), form, class_="sign-in"))


def page(seen: Overview) -> str:
    """What is deployed."""
    return _document(
        tag("a", "Skip to content", href="#content", class_="skip"),
        _header(seen),
        tag(
            "main",
            _tiles(seen),
            _section("Endpoints", _endpoints(seen), "No online endpoint is deployed."),
            _section(
                "Resource groups",
                [_group(group) for group in seen.groups],
                ["Nothing is deployed yet; ", tag("code", "make up"), " deploys the platform."],
            ),
            _section("Alerts", _alerts(seen.alerts), "No alert was fired."),
            _section("Alert rules", _alert_rules(seen.alert_rules), "No alert rule is deployed."),
            _section("Operations", _operations(seen.operations), "No operation is on record."),
            id="content",
        ),
    )


def _document(*body: Content) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", TITLE),
        tag("link", rel="stylesheet", href=STYLE),
    )
    return f"<!doctype html>{tag('html', head, tag('body', *body), lang='en')}"


def _header(seen: Overview) -> Markup:
    clock = seen.status["clock"]
    offset = clock["offset_seconds"] / 86_400
    return tag(
        "header",
        tag("div", tag("h1", TITLE), tag("p", "Subscription ", tag("code", seen.subscription))),
        tag("p", f"{clock['now'][:16].replace('T', ' ')} UTC", f", {offset:+.1f} days" if offset else None),
        tag("form", tag("button", "Sign out", type="submit"), method="post", action=SIGN_OUT),
    )


def _tiles(seen: Overview) -> Markup:
    status = seen.status["operations"]
    deployments = [item for endpoint in seen.status["endpoints"] for item in endpoint["deployments"]]
    requests = sum(number for item in deployments for number in item["requests"].values())
    tiles = {
        "Resource groups": sum(1 for group in seen.groups if group.location),
        "Resources": sum(len(group.entries) + group.more for group in seen.groups),
        "Scoring requests": requests,
        "Alerts fired": sum(1 for alert in seen.alerts if alert["monitorCondition"] == "Fired"),
        "Operations running": status.get("InProgress", 0),
        "Operations failed": status.get("Failed", 0),
    }
    return tag("dl", [tag("div", tag("dt", name), tag("dd", number)) for name, number in tiles.items()], class_="tiles")


def _section(title: str, content: Sequence[Markup], empty: Content) -> Markup:
    return tag("section", tag("h2", title), content or tag("p", empty, class_="empty"))


def _group(group: Group) -> Markup:
    number = len(group.entries) + group.more
    rows = [(entry.name, _type(entry.type), entry.location or "—", _state(entry.state)) for entry in group.entries]
    more = tag("p", f"… and {group.more} more", class_="empty") if group.more else None
    table = (
        _table(group.name, ("Name", "Type", "Region", "State"), rows) if rows else tag("p", "Empty.", class_="empty")
    )
    title = tag("span", group.name, class_="name")
    facts = tag("span", f"{group.location + ' · ' if group.location else ''}{number}", class_="facts")
    return tag("details", tag("summary", title, facts), table, more, open=True)


def _endpoints(seen: Overview) -> list[Markup]:
    rows: list[Sequence[Content]] = []
    for endpoint in seen.status["endpoints"]:
        for deployment in endpoint["deployments"]:
            share = endpoint["traffic"].get(deployment["name"], 0)
            latency = deployment["mean_latency_seconds"]
            answers = " · ".join(f"{number} x {status}" for status, number in deployment["requests"].items())
            rows.append(
                (
                    endpoint["name"],
                    deployment["name"],
                    [tag("progress", value=str(share), max="100", aria_label="share of traffic"), f" {share} %"],
                    answers or "—",
                    f"{latency * 1000:.0f} ms" if latency is not None else "—",
                    _state(str(deployment["state"])),
                )
            )
        if not endpoint["deployments"]:
            rows.append((endpoint["name"], "—", "—", "—", "—", "no deployment"))
    head = ("Endpoint", "Deployment", "Traffic", "Answers", "Mean latency", "State")
    return [_table("Traffic and latency", head, rows)] if rows else []


def _alerts(alerts: Sequence[Json]) -> list[Markup]:
    rows = [
        (
            str(alert["alertRule"]).rpartition("/")[2],
            str(alert["targetResourceName"]),
            str(alert["severity"]),
            str(alert["startDateTime"])[:16].replace("T", " "),
            _state(str(alert["monitorCondition"])),
        )
        for alert in alerts
    ]
    head = ("Rule", "Target", "Severity", "Fired (UTC)", "State")
    return [_table("Alerts", head, rows)] if rows else []


def _alert_rules(rules: Sequence[Entry]) -> list[Markup]:
    rows = [(rule.name, _type(rule.type), rule.location or "—") for rule in rules]
    return [_table("Alert rules", ("Name", "Type", "Region"), rows)] if rows else []


def _operations(operations: Sequence[Operation]) -> list[Markup]:
    rows = [
        (
            operation.started[11:19],
            WORDS[operation.kind],
            [operation.target.full_name, tag("small", " ", operation.target.type)],
            [_state(operation.status), tag("small", f" {operation.error['code']}") if operation.error else None],
        )
        for operation in operations
    ]
    return [_table("Operations", ("Begun (UTC)", "What", "Resource", "Status"), rows)] if rows else []


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Content]]) -> Markup:
    """A table; on a narrow screen each row is a card whose cells bear the names of their columns."""
    body = [
        tag(
            "tr",
            [
                tag("th", value, scope="row", data_label=name)
                if name == head[0]
                else tag("td", tag("div", value), data_label=name)
                for name, value in zip(head, row, strict=True)
            ],
        )
        for row in rows
    ]
    columns = tag("thead", tag("tr", [tag("th", name, scope="col") for name in head]))
    return tag("table", tag("caption", caption), columns, tag("tbody", body))


def _type(name: str) -> Markup:
    namespace, _, rest = name.partition("/")
    return Markup(tag("span", namespace.removeprefix("Microsoft."), class_="namespace") + tag("span", f"/{rest}"))


def _state(state: str) -> Content:
    if not state:
        return "—"
    sort = "bad" if state in BAD else "busy" if state in BUSY else "good"
    return tag("span", state, class_=f"state {sort}")
