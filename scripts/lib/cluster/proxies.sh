# Sourced by scripts/cluster: two Kamailios, and keepalived that gives one of them the shared address; both as config/kamailio ships them.

proxies_up() {
  local n
  printf '1 %s 32\n' "$(address carrier)" >"$CLUSTER/carriers.list"
  for n in $(nodes); do printf '1 sip:%s:5060 8 0 duid=node-%s\n' "$(address "node-$n")" "$n"; done >"$CLUSTER/gateways.list"
  for n in 1 2; do
    mkdir -p "$CLUSTER/proxy-$n"
    cp "$ROOT/config/kamailio/kamailio.cfg" "$CLUSTER"/{carriers,gateways}.list "$CLUSTER/proxy-$n/"
    sed "s/192\.0\.2\.10/$SHARED/g; s/192\.0\.2\.8/$(address "proxy-$n")/" "$ROOT/config/kamailio/local.cfg" >"$CLUSTER/proxy-$n/local.cfg"
    keepalived_configuration "$n" >"$CLUSTER/proxy-$n/keepalived.conf"
    # Both listen on the address that one of them has.
    within "proxy-$n" sysctl -q -w net.ipv4.ip_nonlocal_bind=1
    start_proxy "$n"
  done
  until_so 30 sees_all || die "Kamailio reaches no gateway: $CLUSTER/proxy-1/kamailio.log"
  until_so 20 holds_address 1 || die "keepalived gives nobody the address: $CLUSTER/proxy-1/keepalived.log"
}

keepalived_configuration() {
  printf 'global_defs {\n  script_user root\n  enable_script_security\n}\n'
  sed -e "s|192.0.2.10/24|$SHARED/24|" -e "s|/usr/sbin/kamcmd |/usr/sbin/kamcmd -s unix:$CLUSTER/proxy-$1/kamailio_ctl |" "$ROOT/config/kamailio/keepalived.conf" |
    if [ "$1" = 2 ]; then sed -e 's/state MASTER/state BACKUP/' -e 's/priority 150/priority 100/'; else cat; fi
}

start_proxy() {
  local at=$CLUSTER/proxy-$1
  if ! runs "$at/kamailio.pid"; then
    ip netns exec "$PREFIX-proxy-$1" kamailio -DD -E -f "$at/kamailio.cfg" -A "CONSENT_DIR=\"$at\"" -Y "$at" </dev/null >>"$at/kamailio.log" 2>&1 &
    echo $! >"$at/kamailio.pid"
  fi
  if ! runs "$at/keepalived.pid"; then
    ip netns exec "$PREFIX-proxy-$1" keepalived --dont-fork --log-console --vrrp --use-file="$at/keepalived.conf" --pid="$at/parent.pid" --vrrp_pid="$at/vrrp.pid" --checkers_pid="$at/checkers.pid" --bfd_pid="$at/bfd.pid" </dev/null \
      >>"$at/keepalived.log" 2>&1 &
    echo $! >"$at/keepalived.pid"
  fi
}

# end_proxy N SIGNAL: with KILL the whole machine, keepalived as well.
end_proxy() {
  if [ "$2" = KILL ]; then
    ip netns pids "$PREFIX-proxy-$1" | while read -r each; do kill -9 "$each" 2>/dev/null || true; done
    ip -n "$PREFIX-proxy-$1" addr del "$SHARED/24" dev eth0 2>/dev/null || true
  else
    kill "-$2" "$(cat "$CLUSTER/proxy-$1/kamailio.pid")"
  fi
}

proxy_list() { kamcmd -s "unix:$CLUSTER/proxy-$1/kamailio_ctl" dispatcher.list 2>/dev/null; }
# dispatcher_state PROXY NODE
dispatcher_state() {
  proxy_list "$1" | grep -A1 "sip:$(address "node-$2"):5060" | sed -n 's/.*FLAGS: \(..\).*/\1/p' |
    sed 's/AP/calls/; s/IP/passed over/; s/TP/unsure/; s/DX/resting/; s/AX/unasked/'
}
sees_all() {
  local n
  for n in $(nodes); do
    [ "$(dispatcher_state 1 "$n")$(dispatcher_state 2 "$n")" = callscalls ] || return 1
  done
}
holds_address() { ip -n "$PREFIX-proxy-$1" -4 addr show dev eth0 | grep -qF "$SHARED/"; }
proxy_state() {
  runs "$CLUSTER/proxy-$1/kamailio.pid" || { printf dead; return; }
  if holds_address "$1"; then printf 'has %s' "$SHARED"; else printf 'waits'; fi
}
