#!/usr/bin/env bash
# Events pushed at a server on this machine, from this machine: how many a second in batches of 100, how long until they
# are acknowledged (which is when they are durable), and how long until an answer holds them. Measured, not asserted.
#
#   bench/events.sh [SECONDS] [CONNECTIONS]
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
python3 - "$port" "$seconds" "$connections" <<'PY'
import http.client, itertools, json, socket, sys, threading, time
port, seconds, connections = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
BATCH = 100
ids = itertools.count()

def connected():
    out = http.client.HTTPConnection("127.0.0.1", port)
    out.connect()
    out.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the body waits 40 ms for word of the header
    return out

def body():
    return json.dumps([{"id": f"o{next(ids)}", "at": "2025-06-01T10:00:00Z", "customer": f"c{i}", "amount": "19.90",
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

times, lock = [], threading.Lock()
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
PY
