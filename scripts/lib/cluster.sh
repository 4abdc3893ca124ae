# Sourced by scripts/cluster: a proxy, gateways and their database on loopback. 127.0.1.1 is the proxy, 127.0.1.1N the gateway N.

CLUSTER=$ROOT/data/cluster
PROXY=127.0.1.1
DATABASE_PORT=15432

# as_other: PostgreSQL does not start as root.
as_other() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }

# node WORD: its number.
node() {
  [ -e "$CLUSTER/node-$1.yaml" ] || die "There is no node ${1:-without a number}; there are: $(nodes | paste -sd' ')"
  printf '%s' "$1"
}
nodes() { find "$CLUSTER" -maxdepth 1 -name 'node-?.yaml' 2>/dev/null | sed 's/.*node-\(.\).yaml/\1/' | sort; }

# runs FILE: whether the process of this pid file does.
runs() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

ready() { [[ $(curl -s -o /dev/null -w '%{http_code}' --max-time 2 "http://127.0.1.1$1:8080/health/ready") == 200 ]]; }

# until_so SECONDS COMMAND…
until_so() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.3
  done
}

cluster_up() {
  [[ $1 =~ ^[1-9]$ ]] || die "1 to 9 nodes"
  need_jar
  need_commands kamailio:kamailio curl:curl
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || packages postgresql
  mkdir -p "$CLUSTER"
  chmod 0755 "$CLUSTER"
  start_database
  : >"$CLUSTER/gateways.list"
  printf '1 127.0.0.1 32\n' >"$CLUSTER/carriers.list"
  local n
  for n in $(seq "$1"); do
    configure_node "$n"
    printf '1 sip:127.0.1.1%s:5060 8 0 duid=node-%s\n' "$n" "$n" >>"$CLUSTER/gateways.list"
  done
  for n in $(seq "$1"); do
    # Payload and pseudonym keys are one for all nodes; the first makes them.
    if [ "$n" -gt 1 ] && [ ! -e "$CLUSTER/keys-$n" ]; then
      mkdir -m 0700 "$CLUSTER/keys-$n"
      cp -p "$CLUSTER"/keys-1/{payload,pseudonym}.keys "$CLUSTER/keys-$n/"
    fi
    start_node "$n"
  done
  start_proxy
  cluster_status
}

database() { compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1; }

start_database() {
  local bin files=$CLUSTER/postgres
  bin=$(database)
  if [ ! -e "$files" ]; then
    mkdir "$files"
    [ "$(id -u)" -ne 0 ] || chown postgres: "$files"
    as_other "$bin/initdb" --auth=trust --username=gateway -D "$files" >"$CLUSTER/initdb.log" 2>&1 || die "PostgreSQL: $(tail -n 3 "$CLUSTER/initdb.log")"
  fi
  # By TCP on loopback alone: this is for trying out.
  as_other "$bin/pg_ctl" -D "$files" status >/dev/null ||
    as_other "$bin/pg_ctl" -D "$files" -w -l "$files/log.txt" -o "-p $DATABASE_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=" start >/dev/null ||
    die "PostgreSQL does not start: $files/log.txt"
  "$bin/psql" -qtA -h 127.0.0.1 -p "$DATABASE_PORT" -U gateway postgres -c "select 1 from pg_database where datname = 'consent'" | grep -q 1 ||
    "$bin/createdb" -h 127.0.0.1 -p "$DATABASE_PORT" -U gateway consent
}

# The demonstration's configuration, at the node's own address, with the common database.
configure_node() {
  local n=$1 address=127.0.1.1$1 to=$CLUSTER/node-$1.yaml
  sed -e "s|^  id: gateway |  id: node-$n |" \
    -e "s|^  listen: \[udp:0.0.0.0:5060.*|  listen: [\"udp:$address:5060\", \"tcp:$address:5060\"]|" \
    -e "s|^  address: 127.0.0.1 |  address: $address |" \
    -e "s|jdbc:sqlite:data/ledger.db|jdbc:postgresql://127.0.0.1:$DATABASE_PORT/consent?user=gateway|" \
    -e "s|^  keys: data/keys |  keys: $CLUSTER/keys-$n |" \
    -e "s|export: data/checkpoints |export: $CLUSTER/checkpoints-$n |" \
    -e "s|^  listen: 127.0.0.1:8080 |  listen: $address:8080 |" \
    -e "s|^    sources: \[127.0.0.0/8.*|    sources: [$PROXY/32]|" \
    -e "s|^    media-networks: \[\] |    media-networks: [127.0.0.0/8] |" \
    -e "s|127.0.0.1:5070|127.0.0.1:50${n}0|; s|assistant-port: 5070|assistant-port: 50${n}0|" \
    -e "s|127.0.0.1:5071|127.0.0.1:50${n}1|; s|human-port: 5071|human-port: 50${n}1|" \
    -e "s|127.0.0.1:5072|127.0.0.1:50${n}2|; s|socket-port: 5072|socket-port: 50${n}2|" \
    "$ROOT/config/gateway.yaml" >"$to"
}

start_node() {
  local n=$1
  if runs "$CLUSTER/node-$n.pid"; then return; fi
  "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" -XX:+UseParallelGC -Xmx512m -jar "$JAR" --config "$CLUSTER/node-$n.yaml" serve >>"$CLUSTER/node-$n.log" 2>&1 &
  echo $! >"$CLUSTER/node-$n.pid"
  until_so 90 ready "$n" || die "Node $n is not ready: $CLUSTER/node-$n.log"
}

start_proxy() {
  if runs "$CLUSTER/kamailio.pid"; then return; fi
  kamailio -DD -E -f "$ROOT/config/kamailio/kamailio.cfg" -l "udp:$PROXY:5060" -A "CONSENT_DIR=\"$CLUSTER\"" -Y "$CLUSTER" >>"$CLUSTER/kamailio.log" 2>&1 &
  echo $! >"$CLUSTER/kamailio.pid"
  # Two answers to OPTIONS, two seconds apart.
  until_so 20 proxy_sees || die "Kamailio reaches no gateway: $CLUSTER/kamailio.log"
}
proxy_list() { kamcmd -s "unix:$CLUSTER/kamailio_ctl" dispatcher.list 2>/dev/null; }
proxy_sees() { proxy_list | grep -q 'FLAGS: AP'; }

end_node() {
  runs "$CLUSTER/node-$1.pid" || die "Node $1 does not run."
  kill "-$2" "$(cat "$CLUSTER/node-$1.pid")"
}

cluster_status() {
  local n
  for n in $(nodes); do
    printf 'node-%s  127.0.1.1%s  %-8s  proxy: %s  calls: %s\n' "$n" "$n" \
      "$(if ! runs "$CLUSTER/node-$n.pid"; then echo dead; elif ready "$n"; then echo ready; else echo draining; fi)" \
      "$(proxy_list | grep -A1 "sip:127.0.1.1$n:5060" | sed -n 's/.*FLAGS: \(..\).*/\1/p' | sed 's/AP/sends calls/; s/IP/passes it over/; s/TP/one answer missing/; s/AX/sends calls, unasked/')" \
      "$(curl -s --max-time 2 "http://127.0.1.1$n:8080/metrics" | sed -n 's/^consent_calls_total{.*} //p' | awk '{ n += $1 } END { print n + 0 }')"
  done
}

# One store, so one look at it checks the logs of all nodes.
cluster_verify() {
  "$ROOT/scripts/gateway" --config "$CLUSTER/node-1.yaml" ledger verify
}

cluster_down() {
  local each
  for each in kamailio $(nodes | sed 's/^/node-/'); do
    if runs "$CLUSTER/$each.pid"; then
      kill "$(cat "$CLUSTER/$each.pid")"
      until_so 60 eval "! runs '$CLUSTER/$each.pid'" || say "$each still has calls; it ends when they do"
    fi
    rm -f "$CLUSTER/$each.pid"
  done
  as_other "$(database)/pg_ctl" -D "$CLUSTER/postgres" -m fast stop >/dev/null || say "PostgreSQL did not run"
}

# carrier NUMBER: so many calls through the proxy, two a second, each of which has to come to its end.
carrier() {
  sipp -sf "$ROOT/scripts/lib/cluster-call.xml" "$PROXY:5060" -i 127.0.0.1 -p 15060 -mp 16000 -m "$1" -r 2 -nostdin -timeout 60 -timeout_error >"$CLUSTER/sipp.log" 2>&1 ||
    die "Of $1 calls: $(grep -E 'Failed call' "$CLUSTER/sipp.log" | tail -n 1). $2"
  say "$1 calls, all answered and ended: $2"
}

cluster_try() {
  need_commands sipp:sip-tester tshark:tshark
  [ "$(nodes | wc -l)" -ge 2 ] || die "Two nodes, at least: scripts/cluster up 2"
  local seen=$CLUSTER/seen.log watching last
  last=$(nodes | tail -n 1)
  tshark -i lo -l -q -f "udp port 5060 and src host $PROXY" -T fields -e sip.Method -e sip.msg_hdr -Y sip.Method >"$seen" 2>"$CLUSTER/tshark.log" &
  watching=$!
  sleep 3
  carrier 4 "two nodes"
  end_node "$last" KILL
  carrier 4 "from the moment on at which node $last was killed"
  sleep 3
  kill "$watching"
  start_node "$last"
  until_so 20 eval "proxy_list | grep -A1 'sip:127.0.1.1$last:5060' | grep -q 'FLAGS: AP'" || die "The proxy does not take node $last back."
  carrier 2 "with node $last back"
  end_node "$last" TERM
  carrier 4 "from the moment on at which node $last drained"
  start_node_when_gone "$last"
  local each
  for each in INVITE ACK BYE; do
    grep -q "^$each" "$seen" || die "No $each was seen on its way to a gateway."
  done
  if grep -qi 'X-Consent' "$seen"; then
    die "A claimed consent went through the proxy: $(grep -i 'X-Consent' "$seen" | cut -f1 | sort | uniq -c)"
  fi
  say "no claimed consent in $(grep -cE '^(INVITE|ACK|BYE)' "$seen") requests on their way to a gateway"
  cluster_verify
}

start_node_when_gone() {
  until_so 60 eval "! runs '$CLUSTER/node-$1.pid'" || die "Node $1 drains too long."
  start_node "$1"
}
