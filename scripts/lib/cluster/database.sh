# Sourced by scripts/cluster: PostgreSQL, a primary with a synchronous standby, as config/postgresql tells.

DATABASE_URL="jdbc:postgresql://$(address db-1):5432,$(address db-2):5432/consent?targetServerType=primary"

# as_postgres: PostgreSQL does not start as root.
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
database_bin() { compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1; }

# sql N STATEMENT: as a superuser, in the store.
sql() { within "db-$1" "$(database_bin)/psql" -qtA -v ON_ERROR_STOP=1 -h "$(address "db-$1")" -U postgres "${3:-consent}" -c "$2"; }

is_primary() { [ "$(PGCONNECT_TIMEOUT=2 sql "$1" 'select pg_is_in_recovery()' postgres 2>/dev/null)" = f ]; }
primary() {
  if is_primary 1; then printf 1; elif is_primary 2; then printf 2; fi
}

databases_up() {
  as_postgres test -x "$CLUSTER" || die "The user postgres cannot get at $CLUSTER: move the tree, or let others pass through the folders above."
  local bin
  bin=$(database_bin)
  install -d -o postgres -g postgres -m 0700 "$CLUSTER/db-1"
  as_postgres "$bin/initdb" --auth=trust --username=postgres -D "$CLUSTER/db-1" >"$CLUSTER/initdb.log" 2>&1 || die "PostgreSQL: $(tail -n 3 "$CLUSTER/initdb.log")"
  printf 'host all all 10.77.0.0/24 trust\nhost replication all 10.77.0.0/24 trust\n' >>"$CLUSTER/db-1/pg_hba.conf"
  printf "%s\n" "synchronous_standby_names = 'FIRST 1 (standby)'" "wal_keep_size = 512MB" "wal_sender_timeout = 10s" >>"$CLUSTER/db-1/postgresql.conf"
  start_database 1 "synchronous_standby_names="
  sql 1 "create role consent_owner login" postgres
  sql 1 "create database consent owner consent_owner" postgres
  copy_database 1 2
  start_database 2 "synchronous_standby_names="
  # From now on whatever is committed is on both.
  sql 1 "select pg_reload_conf()" postgres >/dev/null
  end_database 1 INT
  start_database 1
  until_so 20 standby_follows 1 || die "The standby does not follow: $CLUSTER/db-2/log.txt"
}

standby_follows() { [ "$(sql "$1" "select sync_state from pg_stat_replication" postgres)" = sync ]; }

# copy_database FROM TO: a standby, from a copy of the whole.
copy_database() {
  rm -rf "$CLUSTER/db-$2"
  install -d -o postgres -g postgres -m 0700 "$CLUSTER/db-$2"
  within "db-$2" setpriv --reuid=postgres --regid=postgres --init-groups "$(database_bin)/pg_basebackup" -R -X stream -c fast -D "$CLUSTER/db-$2" \
    -d "host=$(address "db-$1") user=postgres application_name=standby connect_timeout=2" >"$CLUSTER/pg_basebackup.log" 2>&1 ||
    die "pg_basebackup: $(tail -n 3 "$CLUSTER/pg_basebackup.log")"
  rm -f "$CLUSTER/db-$2/log.txt"
}

# start_database N [SETTING]
start_database() {
  within "db-$1" setpriv --reuid=postgres --regid=postgres --init-groups "$(database_bin)/pg_ctl" -D "$CLUSTER/db-$1" -w -l "$CLUSTER/db-$1/log.txt" \
    -o "-c listen_addresses=$(address "db-$1") -c unix_socket_directories= ${2:+-c $2}" start >/dev/null || die "PostgreSQL does not start: $CLUSTER/db-$1/log.txt"
}

# end_database N SIGNAL: KILL takes all its processes at once, as a machine does that loses its power.
end_database() {
  local pid
  pid=$(head -n 1 "$CLUSTER/db-$1/postmaster.pid" 2>/dev/null) || die "db-$1 does not run."
  if [ "$2" = KILL ]; then
    ip netns pids "$PREFIX-db-$1" | while read -r each; do kill -9 "$each" 2>/dev/null || true; done
    rm -f "$CLUSTER/db-$1/postmaster.pid"
  else
    kill "-$2" "$pid"
    until_so 20 test ! -e "$CLUSTER/db-$1/postmaster.pid" || die "db-$1 does not end."
  fi
}

# The standby becomes the primary; whoever does this has to be sure that the old one is dead. Here a person, elsewhere Patroni or the like.
promote() {
  local standby=2
  is_primary 2 && standby=1
  as_postgres "$(database_bin)/pg_ctl" -D "$CLUSTER/db-$standby" -w promote >/dev/null || die "db-$standby does not become primary"
}

# database_again N: one that was dead comes back as the standby of the other.
database_again() {
  local now
  now=$(primary)
  [ -n "$now" ] || die "There is no primary."
  [ "$now" != "$1" ] || return 0
  copy_database "$now" "$1"
  start_database "$1" "synchronous_standby_names="
  # The new primary was started without a standby to wait for; from now on it waits.
  sql "$now" "alter system set synchronous_standby_names = 'FIRST 1 (standby)'" postgres
  end_database "$now" INT
  start_database "$now"
  until_so 30 standby_follows "$now" || die "The standby does not follow: $CLUSTER/db-$1/log.txt"
}

database_state() {
  if [ ! -s "$CLUSTER/db-$1/postmaster.pid" ]; then
    printf dead
  elif is_primary "$1"; then
    printf 'primary; standby: %s' "$(sql "$1" "select coalesce(string_agg(sync_state, ' '), 'none') from pg_stat_replication" postgres)"
  else
    printf standby
  fi
}

# tables JAR: made, or brought up to date, by their owner, who serves no call; then gateways may write to them (config/postgresql/roles.sql).
tables() {
  local log=$CLUSTER/tables.log pid
  ip netns exec "$PREFIX-node-1" "${GATEWAY[@]}" -jar "$1" --config "$CLUSTER/owner.yaml" serve </dev/null >"$log" 2>&1 &
  pid=$!
  until_so 90 ready 1 || die "The store's tables are not made: $log"
  kill "$pid"
  wait "$pid" || true
  within "db-$(primary)" "$(database_bin)/psql" -q -v ON_ERROR_STOP=1 -h "$(address "db-$(primary)")" -U postgres -f "$ROOT/config/postgresql/roles.sql" consent \
    >"$CLUSTER/roles.log" 2>&1 || die "roles.sql: $(tail -n 3 "$CLUSTER/roles.log")"
}

# One store, so one look at it checks the logs of all nodes.
verify() { within carrier "$ROOT/scripts/gateway" --config "$CLUSTER/node-1.yaml" ledger verify; }
