# Sourced by scripts/cluster: what a call costs each part, at one node, two and three; cost.py reckons.

cost_usage() {
  cat <<'TEXT'
scripts/cluster cost [CALLS-PER-SECOND [SECONDS]]
Processor time, commits, bytes of the write-ahead log and messages of a call, in the gateways, the proxies and PostgreSQL, with all nodes that there are, then
one less, down to one (three nodes: some seven minutes). A low rate (6 calls a second, as it is without words) is right: what is measured is what a call costs,
not how many there can be. Prints what was measured beside what scripts/capacity reckons with, and how far what one and two nodes foretell of three is off.
TEXT
}

cost() {
  case ${1:-} in
    -h | --help)
      cost_usage
      return
      ;;
  esac
  need_up
  need_commands dumpcap:wireshark-common sipp:sip-tester
  local rate=${1:-6} seconds=${2:-40} n counts=()
  [[ $rate =~ ^[1-9][0-9]?$ && $seconds =~ ^[1-9][0-9]{1,2}$ ]] || die "scripts/cluster cost 6 30: calls a second, 1 to 99, for 10 to 999 seconds"
  whole_again
  for n in $(nodes | sort -r); do
    cost_of "$n" "$rate" "$seconds"
    counts+=("$n")
    if [ "$n" -gt 1 ]; then drained "$n"; fi
  done
  whole_again
  python3 "$TOOLS/cost.py" table "$CLUSTER" "$ROOT/config/operation/capacity.json" "${counts[@]}"
}

# cost_of NODES RATE SECONDS: into cost-NODES, with nodes 1 to NODES.
cost_of() {
  local run=$CLUSTER/cost-$1 n
  until_so 20 takes_calls "$1" || die "The proxies do not see nodes 1 to $1 alone: scripts/cluster status"
  rm -rf "$run"
  mkdir -p "$run/warm"
  say "$1 nodes: warming, twenty seconds without calls, $2 calls a second for $3 s …"
  place "$run/warm" 8 $((40 * $1))
  placed "$run/warm" 20
  # Whole pages go to the write-ahead log behind a checkpoint; so none comes in between.
  sql "$(primary)" checkpoint
  sleep 4
  snapshot "$1" >"$run/idle-from.json"
  sleep 20
  snapshot "$1" >"$run/idle-to.json"
  ip netns exec "$PREFIX-lan" dumpcap -q -P -i lan -B 16 -f "udp port 5060" -w "$run/sip.pcap" </dev/null >/dev/null 2>"$run/sip-dumpcap.log" &
  echo $! >"$run/sip.pid"
  until_so 10 test -s "$run/sip.pcap" || die "dumpcap: $(cat "$run/sip-dumpcap.log")"
  snapshot "$1" >"$run/from.json"
  place "$run" "$2" $(($2 * $3))
  placed "$run" "$3"
  sleep 3
  snapshot "$1" >"$run/to.json"
  kill "$(cat "$run/sip.pid")" 2>/dev/null || true
  until_so 5 gone "$run/sip.pid" || true
  printf '%s\n' $(($2 * $3)) >"$run/calls"
}

takes_calls() { # NODES
  local n
  for n in $(nodes); do
    case $([ "$n" -le "$1" ] && echo up || echo down):$(dispatcher_state 1 "$n"):$(dispatcher_state 2 "$n") in
      up:calls:calls | down:[!c]*:[!c]*) ;;
      *) return 1 ;;
    esac
  done
}

# snapshot NODES: processor time so far of each part, packets of the nodes, and what the primary counts.
snapshot() {
  local n parts=() packets
  for n in $(seq "$1"); do
    parts+=("node-$n=$(cat "$CLUSTER/node-$n.pid")")
    packets+="$(ip netns exec "$PREFIX-node-$n" sed -n 's/^ *eth0://p' /proc/net/dev | awk '{print $2 + $10}') "
  done
  for n in 1 2; do
    parts+=("proxy-$n=$(cat "$CLUSTER/proxy-$n/kamailio.pid")" "db-$n=$(head -n 1 "$CLUSTER/db-$n/postmaster.pid")")
  done
  # What a backend has counted it tells a second later.
  sleep 1.5
  python3 "$TOOLS/cost.py" snapshot "primary=db-$(primary)" "packets=$packets" \
    "counted=$(sql "$(primary)" "select xact_commit, wal_sync, wal_fpi, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') from pg_stat_database, pg_stat_wal where datname = 'consent'")" "${parts[@]}"
}
