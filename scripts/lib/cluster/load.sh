# Sourced by scripts/cluster: calls by sipp from the carrier, and what was on the wire.

RATE=${CLUSTER_RATE:-20}
LASTS=${CLUSTER_SECONDS:-60}

# listen RUN: the carrier's and the assistant's network, and what goes to the first gateway by SIP.
listen() {
  local each
  for each in carrier assistant; do
    ip netns exec "$PREFIX-$each" dumpcap -q -P -i eth0 -B 64 -f udp -w "$1/$each.pcap" </dev/null >/dev/null 2>"$1/$each-dumpcap.log" &
    echo $! >"$1/$each.pid"
  done
  ip netns exec "$PREFIX-node-1" dumpcap -q -P -i eth0 -f "udp port 5060 and dst host $(address node-1)" -w "$1/node-1.pcap" </dev/null >/dev/null 2>"$1/node-1-dumpcap.log" &
  echo $! >"$1/node-1.pid"
  until_so 10 test -s "$1/node-1.pcap" -a -s "$1/carrier.pcap" -a -s "$1/assistant.pcap" || die "dumpcap: $(cat "$1"/*-dumpcap.log)"
}
listen_no_more() {
  local each
  sleep 1 # the last packets
  for each in carrier assistant node-1; do
    kill "$(cat "$1/$each.pid")" 2>/dev/null || true
    until_so 5 gone "$1/$each.pid" || true
  done
}

# place RUN RATE CALLS: in the background; its pid is in RUN/sipp.pid. Each run has its own callers.
place() {
  printf '%05d' $(($(date +%s) % 100000)) >"$1/number"
  sed -e "s|RUN\[|$(cat "$1/number")[|g" -e "s|SOUNDS|$CLUSTER/sounds|g" "$TOOLS/caller.xml" >"$1/caller.xml"
  ip netns exec "$PREFIX-carrier" sipp -sf "$1/caller.xml" "$SHARED:5060" -i "$(address carrier)" -p 5060 -mp 20000 -r "$2" -m "$3" -l 1000 -nostdin -recv_timeout 40000 \
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
  place "$run" 5 60
  placed "$run" 12
}
