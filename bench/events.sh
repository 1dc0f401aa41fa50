#!/usr/bin/env bash
# Events pushed at a server on this machine, from this machine: how many a second in batches of 100, how long until they
# are acknowledged (which is when they are durable), and how long until an answer holds them.
#
#   bench/events.sh [SECONDS] [CONNECTIONS]
#
# Goals, at 20,000 events a second that come evenly: 99 of 100 batches acknowledged within 50 ms, each in an answer within a
# second. What one sender, and as many as can be, take is measured and not asserted. Client and server share the cores: what each
# took of the processor is told apart, and what the server holds of memory.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10}
connections=${2:-8}
folder=$(mktemp -d "${TMPDIR:-/tmp}/vigie-events-XXXXXX")
build/bin/vigie init "$folder/w" >/dev/null
mkdir -p "$folder/w/maps/events"
cat >"$folder/w/maps/events/orders.yaml" <<'MAP'
map: pushed
source: shop
table: orders
input: {files: none.jsonl, format: jsonl}
columns: {key: id, ordered_at: at, customer_key: customer, amount_net: amount, channel: channel, status: {value: confirmed}}
MAP
build/bin/vigie serve -w "$folder/w" --port 0 >"$folder/said" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do grep -q 127.0.0.1: "$folder/said" && break || sleep 0.05; done
port=$(sed -n 's|.*127\.0\.0\.1:\([0-9]*\).*|\1|p' "$folder/said")
python3 - "$port" "$seconds" "$connections" "$server" <<'PY'
import http.client, itertools, json, os, random, socket, sys, threading, time
port, seconds, connections, server = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
BATCH = 100
ids = itertools.count()

def connected():
    out = http.client.HTTPConnection("127.0.0.1", port)
    out.connect()
    out.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the body waits 40 ms for word of the header
    return out

def body(at="2025-06-01T10:00:00Z"):
    return json.dumps([{"id": f"o{next(ids)}", "at": at, "customer": f"c{random.randrange(50_000)}", "amount": "19.90",
                        "channel": "web"} for i in range(BATCH)])

def post(connection, text):
    begun = time.perf_counter()
    connection.request("POST", "/api/v1/events?map=pushed", text, {"Content-Type": "application/json"})
    reply = connection.getresponse()
    said = reply.read()
    if reply.status != 202:
        raise SystemExit(f"{reply.status} {said}")
    return time.perf_counter() - begun

def ask(connection, target):
    connection.request("GET", target)
    return json.loads(connection.getresponse().read())

def orders(connection):
    return ask(connection, "/api/v1/kpis/orders?from=2025-06-01&to=2025-07-01&grain=total")["total"]["value"] or 0

def share(sorted_times, part):
    return sorted_times[min(len(sorted_times) - 1, int(part * len(sorted_times)))] * 1000

def told(name, times):
    times = sorted(times)
    print(f"{name}: median {share(times, .5):.0f} ms, p99 {share(times, .99):.0f} ms, at most {times[-1] * 1000:.0f} ms")

def visible(connection, times):
    seen, out = orders(connection), []
    for _ in range(times):
        begun = time.perf_counter()
        post(connection, body())
        while orders(connection) < seen + BATCH:
            time.sleep(0.005)
        out.append(time.perf_counter() - begun)
        seen += BATCH
    return out

one = connected()
post(one, body())
while orders(one) < BATCH:
    time.sleep(0.01)
told("from sending to the answer that holds it, one sender", visible(one, 20))
told("acknowledgement, one sender", [post(one, body()) for _ in range(100)])

def processor():  # seconds that the server took of it
    fields = open(f"/proc/{server}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

def resident():  # MiB
    return int(open(f"/proc/{server}/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

RATE, LONGEST_ACK, LONGEST_VIEW = 20_000, 0.050, 1.0
acks, views, late, lock = [], [], [], threading.Lock()
steady = [[body() for _ in range(int(seconds * RATE / BATCH / connections))] for _ in range(connections)]
markers = [(month, body(f"2024-{month:02}-10T10:00:00Z")) for month in range(1, 13)]

def evenly(nth, mine):
    connection, own, behind = connected(), [], []
    step = BATCH * connections / RATE
    for i, text in enumerate(mine):
        due = start + (i + nth / connections) * step
        time.sleep(max(0, due - time.perf_counter()))
        behind.append(time.perf_counter() - due)
        own.append(post(connection, text))
    with lock:
        acks.extend(own)
        late.extend(behind)

def watch():  # twelve batches of months of their own, one after another: when does an answer hold each?
    connection = connected()
    for month, text in markers:
        if time.perf_counter() > start + seconds - 1:
            break
        begun = time.perf_counter()
        post(connection, text)
        span = f"from=2024-{month:02}-01&to=2024-{month:02}-28"
        while not ask(connection, f"/api/v1/kpis/orders?{span}&grain=total")["total"]["value"]:
            time.sleep(0.02)
        views.append(time.perf_counter() - begun)
        time.sleep(max(0, seconds / 12 - views[-1]))

before, own_before, held = processor(), time.process_time(), resident()
start = time.perf_counter() + 0.1
threads = [threading.Thread(target=evenly, args=(n, mine)) for n, mine in enumerate(steady)] + [threading.Thread(target=watch)]
for thread in threads: thread.start()
for thread in threads: thread.join()
took = time.perf_counter() - start
print(f"{len(acks) * BATCH / took:.0f} events/s evenly over {connections} connections for {took:.0f} s: server {(processor() - before) / took:.2f} "
      f"and client {(time.process_time() - own_before) / took:.2f} of a core; the server held {held:.0f} MiB, then {resident():.0f} MiB")
told("acknowledgement, evenly", acks)
told("besides, until the client came to send", late)
told("from sending to the answer that holds it, meanwhile", views)
missed = sorted(acks)[int(.99 * len(acks))] >= LONGEST_ACK or max(views) >= LONGEST_VIEW
while ask(one, "/api/v1/events")["lag"]["events"] > 0:
    time.sleep(0.05)

times = []
bodies = [[body() for _ in range(int(seconds * 400))] for _ in range(connections)]
end = time.perf_counter() + seconds

def push(mine):
    connection, own = connected(), []
    for text in mine:
        if time.perf_counter() > end:
            break
        own.append(post(connection, text))
    with lock:
        times.extend(own)

begun = time.perf_counter()
threads = [threading.Thread(target=push, args=(mine,)) for mine in bodies]
for thread in threads: thread.start()
for thread in threads: thread.join()
took = time.perf_counter() - begun
print(f"{len(times) * BATCH / took:.0f} events/s acknowledged: {len(times)} batches of {BATCH} in {took:.1f} s over {connections} connections")
told("acknowledgement, all at once", times)
begun = time.perf_counter()
while (state := ask(one, "/api/v1/events"))["lag"]["events"] > 0:
    time.sleep(0.05)
print(f"all of them applied {time.perf_counter() - begun:.1f} s after the last; {state['bytes'] / 2**20:.0f} MiB of journal are left")
print(f"goals (p99 of acknowledgement 50 ms, an answer in 1 s, at {RATE} events/s): {'missed' if missed else 'met'}")
sys.exit(missed)
PY
