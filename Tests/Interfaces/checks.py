"""What each program is tried with. A check raises, or gives a remark for the report."""

import json
import pathlib
import subprocess
import sys
import tempfile
import threading

from daemon import wait_until

TREE = pathlib.Path(__file__).resolve().parents[2]
TOOLS = TREE / ".build/interfaces/bin"


def expect(holds, message):
    if not holds:
        raise AssertionError(message)


def metrics(daemon, long):
    """Prometheus' own checker, which reads the older format, and its Python library, which reads OpenMetrics strictly."""
    import httpx
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    plain = httpx.get(daemon.url + "/metrics")
    expect(plain.headers["content-type"].startswith("text/plain; version=0.0.4"), plain.headers["content-type"])
    checked = subprocess.run([TOOLS / "promtool", "check", "metrics"], input=plain.content, capture_output=True)
    expect(checked.returncode == 0 and not checked.stderr, f"promtool: {checked.stderr.decode()}")
    accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
    strict = httpx.get(daemon.url + "/metrics", headers={"Accept": accept})
    expect(strict.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8", strict.headers["content-type"])
    families = {family.name: family for family in text_string_to_metric_families(strict.text)}
    changes = {sample.labels["type"]: sample.value for sample in families["tidings_source_changes"].samples}
    expect(changes["article.created"] == 12 and changes["article.updated"] == 1, f"counted {changes}")
    commits = [s.value for s in families["tidings_commit_duration_seconds"].samples if s.name.endswith("_count")]
    expect(commits[0] > 0, "no commit was measured")
    return f"{len(families)} families, {len(strict.content)} bytes"


def openapi(daemon, long):
    """The document is OpenAPI 3.1, with all that it refers to."""
    import httpx
    from openapi_spec_validator import validate

    document = httpx.get(daemon.url + "/openapi.json")
    expect(document.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.1", document.headers["content-type"])
    validate(document.json(), base_uri=daemon.url + "/openapi.json")
    components = document.json()["components"]["parameters"]
    with httpx.Client(base_url=daemon.url) as client:
        for path, operations in document.json()["paths"].items():
            # Hubs may send more than is known here.
            if "get" in operations and operations["get"]["tags"] not in (["control"], ["websub"]):
                compare_parameters(client, path, operations["get"], components)
    again = httpx.get(daemon.url + "/openapi.json", headers={"If-None-Match": document.headers["etag"]})
    expect(again.status_code == 304 and not again.content, f"{again.status_code}")
    return f"{len(document.json()['paths'])} paths"


def compare_parameters(client, path, operation, components):
    """The server names the parameters that a path has to who gives another one."""
    described = [components[p["$ref"].split("/")[-1]] if "$ref" in p else p for p in operation.get("parameters", [])]
    path = path.replace("{id}", "a" * 26).replace("{number}", "1").replace("{name}", "articles")
    refusal = client.get(path, params={"0123456789": "1"})
    expect(refusal.status_code == 400, f"{path} takes any parameter: {refusal.status_code}")
    known = refusal.json()["detail"].partition("; it has ")[2].replace("none", "")
    names = {p["name"] for p in described if p["in"] == "query"}
    expect(names == set(known.split(", ")) - {""}, f"{path} has {known or 'none'}, and is described with {sorted(names)}")


def schema(daemon, long):
    """Each line, of the stream and of a snapshot, is valid by the schema that the server gives."""
    import httpx
    import jsonschema

    schema = httpx.get(daemon.url + "/events.schema.json").json()
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    event = validator(schema)
    line = validator({"$ref": "#/$defs/snapshot", "$defs": schema["$defs"]})
    count = 0
    for query in ["", "?with=text"]:
        for text in httpx.get(daemon.url + "/v1/changes" + query).text.splitlines():
            event.validate(json.loads(text))
            count += 1
        for text in httpx.get(daemon.url + "/v1/snapshot" + query).text.splitlines():
            line.validate(json.loads(text))
            count += 1
    for header in (daemon.state / "stream/changes.ndjson").read_text().splitlines()[:1]:
        event.validate(json.loads(header))
    expect(count > 50, f"{count} lines")
    return f"{count} lines"


def cloudevents(daemon, long):
    """The CNCF's SDK reads lines, and the data of server-sent events."""
    import httpx
    import sseclient
    from cloudevents.core.formats.json import JSONFormat
    from cloudevents.core.v1.event import CloudEvent

    lines = httpx.get(daemon.url + "/v1/changes").content.splitlines()
    events = [JSONFormat().read(CloudEvent, line) for line in lines]
    expect([event.get_id() for event in events] == [str(n + 1) for n in range(len(events))], "ids")
    expect(events[-1].get_extension("sequence") == f"{len(events):019}", "sequence")
    expect(all(event.get_time().tzinfo and event.get_source().startswith("urn:uuid:") for event in events), "time and source")
    with httpx.stream("GET", daemon.url + "/v1/changes/stream?since=0") as answer:
        sent = sseclient.SSEClient(answer.iter_bytes()).events()
        same = [JSONFormat().read(CloudEvent, next(sent).data.encode()) for _ in events]
    expect([e.get_attributes() for e in same] == [e.get_attributes() for e in events], "the same events as SSE")
    return f"{len(events)} events"


def sse(daemon, long):
    """sseclient over httpx, coming again with Last-Event-ID, while the daemon is killed: each change once, as it is in the files."""
    import httpx
    import sseclient

    goal = len(daemon.lines()) + 30
    seen, lives = [], 0

    def follow():
        nonlocal lives
        last = "0"
        while len(seen) < goal:
            try:
                with httpx.stream(
                    "GET", daemon.url + "/v1/changes/stream", headers={"Last-Event-ID": last, "Accept": "text/event-stream"}
                ) as answer:
                    lives += 1
                    for event in sseclient.SSEClient(answer.iter_bytes()).events():
                        last = event.id
                        seen.append(event.data.encode())
                        if len(seen) >= goal:
                            return
            except httpx.HTTPError:
                pass

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    for number in range(30):
        before = len(seen)
        daemon.write(f"sse-{number}.txt", f"Ferry {number}\n\nThe ferry number {number} has left the pier on time, with goats.\n")
        if number % 10 == 5:
            wait_until(lambda: len(seen) > before, "the follower sees something")
            daemon.kill()
            daemon.start()
    follower.join(60)
    lines = daemon.lines()
    expect(seen == lines[:goal], f"{len(seen)} seen of {len(lines)}, {len(set(seen))} different")
    expect(lives == 4, f"{lives} connections")
    return f"{len(seen)} events in {lives} connections"


def curl(daemon, long):
    """curl over the Unix socket, as README shows it."""
    socket = daemon.state / "api.sock"
    result = subprocess.run(
        ["curl", "-sS", "-N", "--max-time", "1", "--unix-socket", socket, "http://localhost/v1/changes/stream?since=0"],
        capture_output=True)
    # 28: the time is over, because the stream does not end.
    data = [line[6:] for line in result.stdout.splitlines() if line.startswith(b"data: ")]
    expect(result.returncode == 28 and data == daemon.lines(), f"{result.returncode} {result.stderr} {len(data)}")
    return f"{len(data)} events"


def atom(daemon, long):
    """feedparser reads /feed.atom as a feed without a fault."""
    import feedparser
    import httpx

    if "/feed.atom" not in httpx.get(daemon.url + "/openapi.json").json()["paths"]:
        return "there is none"
    answer = httpx.get(daemon.url + "/feed.atom")
    feed = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    expect(not feed.bozo and feed.version == "atom10", f"{feed.get('bozo_exception')} {feed.version}")
    expect(feed.entries and all(entry.id and entry.title and entry.updated for entry in feed.entries), "entries")
    return f"{len(feed.entries)} entries"


def schemathesis(daemon, long):
    """Requests that the document allows, and such that it does not: answers are as the document says, and none is a 5xx."""
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [TOOLS / "schemathesis", "run", daemon.url + "/openapi.json", "--exclude-tag", "control",
             # Whoever guesses a token is told 410, which is right and which schemathesis takes for a refusal of what the schema allows.
             "--exclude-operation-id", "hubPush",
             # It waits for the end of the answer, and this one has none.
             "--exclude-path", "/v1/changes/stream",
             "--checks", "all", "--exclude-checks", "missing_required_header,ignored_auth",
             "--max-examples", "200" if long else "4", "--phases", "examples,coverage,fuzzing" if long else "fuzzing",
             "--seed", "1", "--no-color", "--request-timeout", "30"] + (["--max-time", "60"] if long else []),
            cwd=folder, capture_output=True, text=True)
    expect(result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:])
    return [line.strip() for line in result.stdout.splitlines() if "generated" in line][-1:]


ALL = {check.__name__: check for check in [schemathesis, metrics, openapi, schema, cloudevents, curl, atom, sse]}
