# Sourced by scripts/cluster: calls by sipp from the carrier, and what was on the wire.

RATE=${CLUSTER_RATE:-20}
LASTS=${CLUSTER_SECONDS:-60}

# listen RUN: the carrier's and the assistant's network; and all SIP there is, on the bridge.
listen() {
  local each
  for each in carrier assistant; do
    ip netns exec "$PREFIX-$each" dumpcap -q -P -i eth0 -B 64 -f udp -w "$1/$each.pcap" </dev/null >/dev/null 2>"$1/$each-dumpcap.log" &
    echo $! >"$1/$each.pid"
  done
  ip netns exec "$PREFIX-lan" dumpcap -q -P -i lan -B 16 -f "udp port 5060" -w "$1/sip.pcap" </dev/null >/dev/null 2>"$1/sip-dumpcap.log" &
  echo $! >"$1/sip.pid"
  until_so 10 test -s "$1/sip.pcap" -a -s "$1/carrier.pcap" -a -s "$1/assistant.pcap" || die "dumpcap: $(cat "$1"/*-dumpcap.log)"
}
listen_no_more() {
  local each
  sleep 1 # the last packets
  for each in carrier assistant sip; do
    kill "$(cat "$1/$each.pid")" 2>/dev/null || true
    until_so 5 gone "$1/$each.pid" || true
  done
}

# place RUN RATE CALLS: in the background; its pid is in RUN/sipp.pid. Each run has its own callers.
place() {
  printf '%05d' $(($(date +%s) % 100000)) >"$1/number"
  sed -e "s|RUN\[|$(cat "$1/number")[|g" -e "s|SOUNDS|$CLUSTER/sounds|g" "$TOOLS/caller.xml" >"$1/caller.xml"
  caller "$@"
}
# known RUN SOUND MILLISECONDS: one call to the line that remembers, always of the same caller of RUN's parent, who does as that sound says and hangs up
# so long behind the answer.
known() {
  mkdir -p "$1"
  sed -e '/chance=/d' -e "s|+49151RUN\[call_number\]|+49152$(cat "${1%/*}/number")|g" -e 's|+4930123456|+4930123459|g' -e "s|SOUNDS/agrees|$CLUSTER/sounds/$2|" \
    -e "s|SOUNDS|$CLUSTER/sounds|g" -e "s|\"15500\"|\"$3\"|" "$TOOLS/caller.xml" >"$1/caller.xml"
  caller "$1" 1 1
}
# caller RUN RATE CALLS: as RUN/caller.xml says.
caller() {
  ip netns exec "$PREFIX-carrier" sipp -sf "$1/caller.xml" "${CALLED:-$SHARED}:5060" -i "$(address carrier)" -p "${CALLING_PORT:-5060}" -mp "${SOUND_PORT:-20000}" -r "$2" -m "$3" -l 1000 -nostdin -recv_timeout 40000 \
    -trace_err -error_file "$1/sipp-errors.log" -trace_logs -log_file "$1/sipp-said.log" -trace_stat -stf "$1/sipp.csv" -fd 1 </dev/null >"$1/sipp.log" 2>&1 &
  echo $! >"$1/sipp.pid"
}
placed() { # RUN SECONDS: all of them are over; which failed, is in the capture
  until_so $(($2 + 120)) gone "$1/sipp.pid" || die "sipp does not end: $1/sipp.log"
}

# warm: as many calls as make a JVM's first ones.
warm() {
  local run=$CLUSTER/warm
  mkdir -p "$run"
  place "$run" 8 $((40 * $(nodes | wc -l)))
  placed "$run" 20
}

# srv_up: a name server and a carrier that fails over by itself, in the carrier's namespace. Two gateways share the calls; the third is there for
# when both are not.
srv_up() {
  local at=$CLUSTER/srv n records=()
  mkdir -p "$at"
  for n in $(nodes); do
    records+=("--host-record=node-$n.consent.test,$(address "node-$n")" "--srv-host=_sip._udp.consent.test,node-$n.consent.test,5060,$((n < 3 ? 10 : 20)),50")
  done
  printf 'nameserver 127.0.0.1\n' >"$at/resolv.conf"
  sed "s/CARRIER/$(address carrier)/" "$TOOLS/carrier.cfg" >"$at/carrier.cfg"
  ip netns exec "$PREFIX-carrier" dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --no-resolv --no-hosts --local-ttl=60 --listen-address=127.0.0.1 --bind-interfaces \
    --pid-file= --naptr-record=consent.test,10,10,s,SIP+D2U,,_sip._udp.consent.test "${records[@]}" </dev/null >"$at/dnsmasq.log" 2>&1 &
  echo $! >"$CLUSTER/dnsmasq.pid"
  # A mount namespace of its own comes with ip netns exec: nobody else sees this file there.
  ip netns exec "$PREFIX-carrier" sh -c 'mount --bind "$1/resolv.conf" /etc/resolv.conf && exec kamailio -DD -E -f "$1/carrier.cfg" -Y "$1"' sh "$at" </dev/null >"$at/kamailio.log" 2>&1 &
  echo $! >"$CLUSTER/carrier.pid"
  sleep 2
  runs "$CLUSTER/dnsmasq.pid" && runs "$CLUSTER/carrier.pid" || die "The carrier does not start: $at"
}
srv_down() {
  local each
  for each in carrier dnsmasq; do
    kill "$(cat "$CLUSTER/$each.pid")" 2>/dev/null || true
    until_so 10 gone "$CLUSTER/$each.pid" || true
  done
}
