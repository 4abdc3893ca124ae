# Sourced by scripts/cluster: what happens under load, and what has to hold afterwards. The laws are in laws.py.

SCENARIOS=(quiet drain kill partition primary proxy withdrawal network upgrade clock srv)

scenario_usage() {
  cat <<'TEXT'
scripts/cluster run SCENARIO|all    CLUSTER_RATE calls a second for CLUSTER_SECONDS; a third into it something happens:
  quiet      nothing
  drain      node 2 drains and starts again: no call fails
  kill       kill -9 of node 3: only the calls that it had are touched; their ends are in the record
  partition  node 2 loses the database for 20 s: it gives no consent, its callers reach a human
  primary    kill -9 of the primary; five seconds later the standby is promoted: no consent that a caller heard confirmed is lost
  proxy      kill -9 of the proxy that has the address: only calls in set-up are touched
  withdrawal no load: two calls of one caller under one remembered consent at nodes 1 and 2, no node reaches the database, *9 at node 1: node 2, which is
             told so (node.others), cuts its call within four seconds
  network    100 ms and 2 % loss between the carrier and the proxies and gateways
  upgrade    node after node from CLUSTER_FROM (a jar; up and run with the same one) to this tree: no call fails
  clock      the clock of node 2 is set five minutes ahead: no call fails
  srv        no proxies: a carrier that finds the gateways by DNS (SRV) and fails over by itself; node 2 drains: no call fails
After each: the record verifies, and what callers and the assistant heard agrees with it. A table at the end; exit code 1 where a law was broken.
TEXT
}

run_scenarios() {
  case ${1:-} in
    -h | --help)
      scenario_usage
      return
      ;;
  esac
  need_up
  need_commands dumpcap:wireshark-common sipp:sip-tester
  local each failed=0 wanted=("$@")
  if [ "${1:-}" = all ]; then
    wanted=("${SCENARIOS[@]}")
  fi
  [ ${#wanted[@]} -gt 0 ] || { scenario_usage >&2; exit 2; }
  for each in "${wanted[@]}"; do
    [[ " ${SCENARIOS[*]} " == *" $each "* ]] || die "There is no scenario $each: ${SCENARIOS[*]}"
  done
  [ -e "$CLUSTER/warm" ] || warm
  for each in "${wanted[@]}"; do
    scenario "$each" || failed=1
  done
  python3 "$TOOLS/table.py" "$CLUSTER" "${wanted[@]}"
  exit $failed
}

now() { date +%s.%N; }

# pressure: since the machine started, how many microseconds somebody waited for a processor, or for a disk.
pressure() {
  local what
  printf 'at=%s' "$(now)"
  for what in cpu io; do sed -n "s/^some .*total=/ $what=/p" "/proc/pressure/$what" 2>/dev/null || true; done | tr -d '\n'
  printf '\n'
}

# A rolling upgrade takes longer: each node drains, and a JVM starts.
lasts() { printf '%s' $((LASTS * $([ "$1" = upgrade ] && echo 5 || echo 2) / 2)); }

# scenario NAME: 0 where each law held and the record verifies.
scenario() {
  local run=$CLUSTER/run-$1 began facts verified=0 held=0 since=$SECONDS
  whole_again
  rm -rf "$run"
  mkdir -p "$run"
  if declare -F "calls_$1" >/dev/null; then say "$1 …"; else say "$1: $RATE calls a second for $(lasts "$1") s …"; fi
  began=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  wc -c "$CLUSTER"/node-?.log >"$run/log-sizes"
  cut -d' ' -f1-3 /proc/loadavg >"$run/load-before"
  listen "$run"
  FACTS=()
  if declare -F "before_$1" >/dev/null; then "before_$1"; fi
  pressure >"$run/pressure"
  if declare -F "calls_$1" >/dev/null; then
    "calls_$1" "$run"
  else
    place "$run" "$RATE" $((RATE * $(lasts "$1")))
    sleep $((LASTS / 3))
    "do_$1"
    placed "$run" "$(lasts "$1")"
  fi
  pressure >>"$run/pressure"
  heal
  listen_no_more "$run"
  if declare -F "after_$1" >/dev/null; then "after_$1"; fi
  whole_again
  # What was kept back is written then, and a dead node's calls are ended.
  until_so 40 settled || say "Calls of the dead are still in the store after 40 s."
  cp "$CLUSTER/node-1/keys/pseudonym.keys" "$run/"
  within carrier "$ROOT/scripts/gateway" --config "$CLUSTER/node-1.yaml" ledger list --json --from "$began" >"$run/ledger.jsonl" || die "ledger list"
  verify >"$run/verify.log" 2>&1 || verified=1
  local size log
  while read -r size log; do
    [ ! -e "$log" ] || tail -c "+$((size + 1))" "$log" >"$run/$(basename "$log")"
  done <"$run/log-sizes"
  facts=$(printf '{"scenario":"%s","carrier":"%s","assistant":"%s","nodes":[%s],"proxies":%s,"prompts":"%s"%s}' "$1" "$(address carrier)" "$(address assistant)" \
    "$(for n in $(nodes); do printf '"%s",' "$(address "node-$n")"; done | sed 's/,$//')" "$([[ $1 == srv || $1 == withdrawal ]] && echo false || echo true)" "$ROOT/config/prompts" \
    "$(printf ',%s' "${FACTS[@]}" | sed 's/^,$//')")
  printf '%s\n' "$facts" >"$run/facts.json"
  python3 "$TOOLS/laws.py" "$run" "$facts" >"$run/laws.log" 2>&1 || held=1
  printf '%s\n' "$verified" >"$run/verified"
  [ "$verified" = 0 ] || tail -n 5 "$run/verify.log" >&2
  [ "$held" = 0 ] || sed -n '/"broken"/,$p' "$run/laws.log" >&2
  say "$1: $([ "$held$verified" = 00 ] && echo 'every law held, the record verifies' || echo "BROKEN; all of it is in $run") ($((SECONDS - since)) s)"
  [ "$held$verified" = 00 ]
}

# Nothing that a dead node had is left to be written.
settled() { [ "$(sql "$(primary)" "select count(*) from ledger_running")" = 0 ]; }

# All run, are seen by the proxies, and the first primary is followed by a standby.
whole_again() {
  local n
  heal
  for n in 1 2; do
    [ "$(database_state "$n")" != dead ] || database_again "$n"
    start_proxy "$n"
  done
  for n in $(nodes); do start_node "$n"; done
  until_so 40 sees_all || die "The proxies do not see every gateway: scripts/cluster status"
}

fact() { FACTS+=("$(printf '"%s":%s' "$1" "$2")"); }
struck() { # NODE
  fact node "\"$(address "node-$1")\""
  fact name "\"node-$1\""
  fact hit "$(now)"
}

do_quiet() { fact none_touched true; }

do_drain() {
  fact none_touched true
  struck 2
  drained 2
  start_node 2
}

do_kill() {
  fact dies true
  struck 3
  end_node 3 KILL
}

do_partition() {
  fact no_grants true
  struck 2
  partition 2 database
  sleep 20
  fact healed "$(now)"
  heal
}

do_primary() {
  fact grants_pause true
  fact hit "$(now)"
  end_database "$(primary)" KILL
  sleep 5
  promote
}

do_proxy() {
  local n=1
  holds_address 2 && n=2
  fact proxy_dies true
  fact hit "$(now)"
  end_proxy "$n" KILL
}

calls_withdrawal() { # RUN
  local n
  printf '%05d' $(($(date +%s) % 100000)) >"$1/number"
  known "$1/first" remembers 22000
  placed "$1/first" 25
  CALLED=$(address node-1) known "$1/here" known-withdraws 34000
  CALLED=$(address node-2) CALLING_PORT=5064 SOUND_PORT=24000 known "$1/there" known-talks 34000
  sleep 17 # both are with the assistant
  fact no_store true
  fact hit "$(now)"
  for n in $(nodes); do partition "$n" database; done
  placed "$1/here" 15
  placed "$1/there" 15
  fact healed "$(now)"
  heal
}

before_network() { delay 100 2 carrier; }
do_network() { fact late 0.4; }

do_upgrade() {
  fact none_touched true
  fact hit "$(now)"
  upgrade all "$JAR"
}

before_srv() {
  need_commands dnsmasq:dnsmasq-base
  srv_up
  CALLED=$(address carrier) CALLING_PORT=5062
}
do_srv() {
  fact none_touched true
  struck 2
  drained 2
}
after_srv() {
  srv_down
  unset CALLED CALLING_PORT
}

before_clock() { clock 2 0; }
do_clock() {
  fact none_touched true
  struck 2
  clock 2 300
}
after_clock() {
  # It starts again with the right clock, and records and signs some more: its log is ahead of that clock for a while.
  rm -f "$CLUSTER/clock-2"
  drained 2
  start_node 2
  until_so 40 sees_all || die "The proxies do not take node 2 back."
  warm
  sleep 12 # a checkpoint
}
