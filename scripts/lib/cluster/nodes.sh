# Sourced by scripts/cluster: the gateways, and whom they dial.

GATEWAY=("$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" -XX:+UseParallelGC -Xmx512m -XX:-UseDynamicNumberOfCompilerThreads)

# node WORD: its number.
node() {
  local n=${1#node-}
  [ -e "$CLUSTER/node-$n.yaml" ] || die "There is no node ${1:-without a number}; there are: $(nodes | paste -sd' ')"
  printf '%s' "$n"
}
nodes() { find "$CLUSTER" -maxdepth 1 -name 'node-?.yaml' 2>/dev/null | sed 's/.*node-\(.\).yaml/\1/' | sort; }

ready() { [[ $(within "node-$1" curl -s -o /dev/null -w '%{http_code}' --max-time 2 "http://$(address "node-$1"):8080/health/ready") == 200 ]]; }

# What callers talk to: sipp answers, sounds for some seconds and notes who was told of which consent. A port each for the assistant and the human.
callees_up() {
  python3 "$TOOLS/sounds.py" "$CLUSTER/sounds"
  local each port=5070
  for each in assistant human; do
    sed "s|MARKER|$CLUSTER/sounds/$each.pcap|" "$TOOLS/callee.xml" >"$CLUSTER/$each.xml"
    ip netns exec "$PREFIX-assistant" sipp -sf "$CLUSTER/$each.xml" -i "$(address assistant)" -p "$port" -mp $((port * 4)) -nostdin -trace_logs -log_file "$CLUSTER/$each.log" -trace_err \
      -error_file "$CLUSTER/$each-errors.log" </dev/null >/dev/null 2>"$CLUSTER/$each-sipp.log" &
    echo $! >"$CLUSTER/$each.pid"
    port=$((port + 1))
  done
}

# configuration ID ADDRESS USER KEYS [MORE]: of one node; what it does not name is as config/gateway.yaml has it. MORE belongs to its node.
configuration() {
  cat <<YAML
node: {id: $1${5:+, $5}}
sip:
  listen: ["udp:$2:5060", "tcp:$2:5060"]
media: {address: $2}
limits: {requests-per-second-per-source: 200}
store:
  url: $DATABASE_URL&user=$3
  keys: $4
  checkpoints: {interval: 10s, export: $CLUSTER/checkpoints-$1}
web: {listen: "$2:8080"}
cdr: {directory: $CLUSTER/cdr}
speech: {enabled: ${CLUSTER_SPEECH:-false}}
trunks:
  - name: carrier
    sources: [$SHARED/32, $(address proxy-1)/32, $(address proxy-2)/32]
    media-networks: [$(address carrier)/32]
    identity: [p-asserted-identity]
    identity-domains: [$(address carrier), 127.0.0.1] # scripts/demo-call says 127.0.0.1
  - name: direct # for scripts/cluster run srv
    sources: [$(address carrier)/32]
    media-networks: [$(address carrier)/32]
    identity: [p-asserted-identity]
    identity-domains: [$(address carrier)]
assistants:
  - name: assistant
    uri: sip:assistant@$(address assistant):5070
    caller-id: with-purpose assistant
humans:
  - name: human
    uri: sip:human@$(address assistant):5071
levels:
  - id: basis
    purposes: [assistant]
  - id: merken # its consents hold for later calls
    purposes: [assistant]
    validity: P12M
lines:
  - name: demo
    numbers: ["+4930123456", demo]
    notice: demo
    languages: [de]
    levels: [basis]
    assistant: assistant
    humans: [human]
  - name: demo-remember # for scripts/cluster run withdrawal
    numbers: ["+4930123459", demo-remember]
    notice: demo
    languages: [de]
    levels: [merken]
    assistant: assistant
    humans: [human]
drain: {limit: 60s}
demo: {agents: true}
YAML
}

# configure N JAR: node N, for that release.
configure() {
  mkdir -p "$CLUSTER/node-$1"
  printf '%s\n' "$2" >"$CLUSTER/release-$1"
  configuration "node-$1" "$(address "node-$1")" consent_gateway "$CLUSTER/node-$1/keys" "$(told "$1")" >"$CLUSTER/node-$1.yaml"
  if [ "$2" != "$JAR" ] && "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" -XX:+UseSerialGC -jar "$2" --config "$CLUSTER/node-$1.yaml" check-config 2>&1 | grep -qE 'node\.(listen|others)'; then
    # A release from before withdrawals were told from node to node: keys that it does not know keep it from starting.
    configuration "node-$1" "$(address "node-$1")" consent_gateway "$CLUSTER/node-$1/keys" >"$CLUSTER/node-$1.yaml"
  fi
}
# told N: where a node hears of withdrawals that the store did not take, and where the others do.
told() {
  local n others=()
  for n in $(seq "$NODES"); do
    [ "$n" = "$1" ] || others+=("http://$(address "node-$n"):8085")
  done
  printf 'listen: "%s:8085", others: [%s]' "$(address "node-$1")" "$(printf '"%s", ' "${others[@]}" | sed 's/, $//; s/""//')"
}

nodes_up() {
  local n
  configuration node-1 "$(address node-1)" consent_owner "$CLUSTER/node-1/keys" >"$CLUSTER/owner.yaml"
  # demo-call of scripts/cluster call finds the texts and recordings by it; it is no node.
  configuration caller "$(address carrier)" consent_gateway "$CLUSTER/node-1/keys" >"$CLUSTER/carrier.yaml"
  local release=${CLUSTER_FROM:-$JAR}
  tables "$release"
  for n in $(seq "$NODES"); do
    configure "$n" "$release"
    # Payload and pseudonym keys are one for all nodes; the first has made them. The signing key is each one's own.
    if [ "$n" -gt 1 ]; then
      install -d -m 0700 "$CLUSTER/node-$n/keys"
      cp -p "$CLUSTER"/node-1/keys/{payload,pseudonym}.keys "$CLUSTER/node-$n/keys/"
    fi
    launch_node "$n"
  done
  for n in $(seq "$NODES"); do
    until_so 120 ready "$n" || die "Node $n is not ready: $CLUSTER/node-$n.log"
  done
}

launch_node() {
  local n=$1 clock=() late=()
  # Beside calls a start gets what processor time they leave: on a machine of its own it would take none of theirs.
  [ -z "${2:-}" ] || late=(nice -n "$2")
  # Where its clock is to be set: libfaketime shows the JVM another time of day, not another nanoTime, by a file that is read each second.
  [ ! -e "$CLUSTER/clock-$n" ] || clock=(env LD_PRELOAD="$(fake_clock)" FAKETIME_TIMESTAMP_FILE="$CLUSTER/clock-$n" FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0 FAKETIME_CACHE_DURATION=1)
  ip netns exec "$PREFIX-node-$n" "${late[@]}" "${clock[@]}" "${GATEWAY[@]}" -jar "$(cat "$CLUSTER/release-$n")" --config "$CLUSTER/node-$n.yaml" serve </dev/null >>"$CLUSTER/node-$n.log" 2>&1 &
  echo $! >"$CLUSTER/node-$n.pid"
  disown # its end by kill -9 is no news
}
start_node() {
  if runs "$CLUSTER/node-$1.pid"; then return; fi
  launch_node "$1" 10
  until_so 120 ready "$1" || die "Node $1 is not ready: $CLUSTER/node-$1.log"
  # From now on as much as the others, each of its threads.
  find "/proc/$(cat "$CLUSTER/node-$1.pid")/task" -mindepth 1 -maxdepth 1 -printf '%f\n' | xargs -r renice -n 0 -p >/dev/null 2>&1 || true
}
end_node() {
  runs "$CLUSTER/node-$1.pid" || die "Node $1 does not run."
  kill "-$2" "$(cat "$CLUSTER/node-$1.pid")"
}
drained() {
  end_node "$1" TERM
  until_so 90 gone "$CLUSTER/node-$1.pid" || die "Node $1 drains too long."
}

fake_clock() { compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' | head -n 1; }

# clock N SECONDS: a node that was started without it starts again first.
clock() {
  [ -n "$(fake_clock)" ] || packages libfaketime
  if [ ! -e "$CLUSTER/clock-$1" ]; then
    printf '+0\n' >"$CLUSTER/clock-$1"
    if runs "$CLUSTER/node-$1.pid"; then drained "$1"; fi
    start_node "$1"
  fi
  printf '%+d\n' "$2" >"$CLUSTER/clock-$1"
}

# upgrade N|all JAR: node after node; the tables first, by their owner, where the release has newer ones.
upgrade() {
  local n which=$1
  [ -s "$2" ] || die "There is no $2."
  [ "$which" = all ] || which=$(node "$1")
  for n in $([ "$which" = all ] && nodes || printf '%s' "$which"); do
    if runs "$CLUSTER/node-$n.pid"; then drained "$n"; fi
    if [ "$n" = 1 ]; then tables "$2"; fi
    configure "$n" "$2"
    start_node "$n"
    until_so 20 sees_all || die "The proxies do not take node $n back."
  done
}

node_state() {
  if ! runs "$CLUSTER/node-$1.pid"; then printf dead; elif ready "$1"; then printf ready; else printf 'not ready'; fi
}
node_calls() { sql "$(primary)" "select count(*) from ledger_running where node = 'node-$1'" 2>/dev/null || printf '?'; }
# How old its last sign of life in the store is; the others take it for dead after 15 s.
node_lease() {
  local age
  age=$(sql "$(primary)" "select round(extract(epoch from clock_timestamp()) - max(seen_ms) / 1000.0, 1) from ledger_node where node = 'node-$1' and lost = 0" 2>/dev/null) || age='?'
  printf '%s' "${age:+$age s}"
}
node_release() { within "node-$1" curl -s --max-time 2 "http://$(address "node-$1"):8080/metrics" | sed -n 's/^consent_build_info{.*version="\([^"]*\)".*/\1/p' | head -n 1; }
