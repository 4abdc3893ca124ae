# Sourced by scripts/cluster: network namespaces on one bridge, which is in a namespace itself; nothing of the machine's own network is touched.

CLUSTER=$ROOT/data/cluster
PREFIX=consent
NODES=${CLUSTER_NODES:-3}
SHARED=10.77.0.10
TOOLS=$ROOT/scripts/lib/cluster
# Beside the sources nothing is written.
export PYTHONDONTWRITEBYTECODE=1

address() {
  case $1 in
    proxy-[12]) printf '10.77.0.%s' $((7 + ${1#proxy-})) ;;
    node-[1-9]) printf '10.77.0.1%s' "${1#node-}" ;;
    db-[12]) printf '10.77.0.2%s' "${1#db-}" ;;
    assistant) printf 10.77.0.31 ;;
    carrier) printf 10.77.0.100 ;;
  esac
}

need_root() { [ "$(id -u)" -eq 0 ] || die "Network namespaces need root: sudo scripts/cluster …"; }
need_up() {
  need_root
  [ -e "/run/netns/$PREFIX-lan" ] || die "It does not run: scripts/cluster up"
}

# within NAME COMMAND…
within() {
  local name=$1
  shift
  ip netns exec "$PREFIX-$name" "$@"
}

# runs FILE: whether the process of this pid file does.
runs() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }
gone() { ! runs "$1"; }

# until_so SECONDS COMMAND…
until_so() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.3
  done
}

members() {
  printf 'carrier assistant proxy-1 proxy-2 db-1 db-2'
  local n
  for n in $(seq "$NODES"); do printf ' node-%s' "$n"; done
}

network_up() {
  [[ $NODES =~ ^[1-9]$ ]] || die "CLUSTER_NODES: 1 to 9"
  local each
  ip netns add "$PREFIX-lan"
  ip -n "$PREFIX-lan" link add lan type bridge
  ip -n "$PREFIX-lan" link set dev lan up
  for each in $(members); do
    ip netns add "$PREFIX-$each"
    ip link add name eth0 netns "$PREFIX-$each" type veth peer name "$each" netns "$PREFIX-lan"
    ip -n "$PREFIX-lan" link set dev "$each" master lan up
    ip -n "$PREFIX-$each" addr add "$(address "$each")/24" dev eth0
    ip -n "$PREFIX-$each" link set dev lo up
    ip -n "$PREFIX-$each" link set dev eth0 up
  done
  # sipp has a port for each call in its SDP, but no socket there: nobody has to be told.
  for each in carrier assistant; do
    within "$each" nft -f - <<'RULES'
table inet quiet { chain out { type filter hook output priority 0; icmp type destination-unreachable drop; }; }
RULES
  done
}

# Ends what runs in the namespaces, and removes them.
network_down() {
  local each space end=$((SECONDS + 20))
  for each in $(ip netns list | sed -n "s/^\($PREFIX-[a-z0-9-]*\).*/\1/p"); do
    ip netns pids "$each" | while read -r space; do kill "$space" 2>/dev/null; done
  done
  while [ $SECONDS -lt $end ] && [ -n "$(ip netns list | sed -n "s/^\($PREFIX-[a-z0-9-]*\).*/\1/p" | while read -r each; do ip netns pids "$each"; done)" ]; do
    sleep 0.5
    [ $SECONDS -lt $((end - 10)) ] || ip netns list | sed -n "s/^\($PREFIX-[a-z0-9-]*\).*/\1/p" | while read -r each; do
      ip netns pids "$each" | while read -r space; do kill -9 "$space" 2>/dev/null; done
    done
  done
  for each in $(ip netns list | sed -n "s/^\($PREFIX-[a-z0-9-]*\).*/\1/p"); do
    ip netns del "$each"
  done
  rm -f "$CLUSTER"/*.pid
}

# partition N database|all: packets between it and them are dropped without a word, as a broken network does.
partition() {
  local whom
  case $2 in
    database) whom="{ $(address db-1), $(address db-2) }" ;;
    all) whom="10.77.0.0/24" ;;
    *) die "partition NODE database, or all" ;;
  esac
  within "node-$1" nft -f - <<RULES
table inet cut {
  chain in { type filter hook input priority 0; ip saddr $whom drop; }
  chain out { type filter hook output priority 0; ip daddr $whom drop; }
}
RULES
}

# delay MILLISECONDS PERCENT NAME: wire.py takes the place of its cable, since not every kernel has netem.
delay() {
  local name=$3
  end_delay "$name"
  ip netns exec "$PREFIX-lan" python3 "$TOOLS/wire.py" "$name" "$1" "$2" "/run/netns/$PREFIX-$name" </dev/null >"$CLUSTER/wire-$name.log" 2>&1 &
  echo $! >"$CLUSTER/wire-$name.pid"
  until_so 5 grep -q ready "$CLUSTER/wire-$name.log" || die "The slow wire does not work: $(cat "$CLUSTER/wire-$name.log")"
}
end_delay() {
  ! runs "$CLUSTER/wire-$1.pid" || kill "$(cat "$CLUSTER/wire-$1.pid")"
  until_so 5 gone "$CLUSTER/wire-$1.pid" || true
  rm -f "$CLUSTER/wire-$1.pid"
}

heal() {
  local n each
  for n in $(nodes); do
    within "node-$n" nft delete table inet cut 2>/dev/null || true
    [ ! -e "$CLUSTER/clock-$n" ] || printf '+0\n' >"$CLUSTER/clock-$n"
  done
  for each in "$CLUSTER"/wire-*.pid; do
    [ ! -e "$each" ] || end_delay "$(basename "$each" .pid | sed 's/^wire-//')"
  done
}
