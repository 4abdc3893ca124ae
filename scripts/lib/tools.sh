# Sourced by the scripts beside it: finds, or installs, what the project needs. Debian first; elsewhere it says what is missing.
# Nothing here writes to standard output: that belongs to the command.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
JAR=$ROOT/gateway/app/target/gateway.jar
# The class path of the load program.
BENCH=$ROOT/gateway/bench/target/classes:$ROOT/gateway/testkit/target/classes:$JAR

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# packages NAME…: as root or with sudo; otherwise prints the exact command and ends.
packages() {
  local as=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as=(sudo)
    elif command -v sudo >/dev/null && [ -t 0 ]; then
      say "To install $* by apt-get, sudo asks for your password."
      as=(sudo)
    else
      die "Missing: $*. As root, run:  apt-get update && apt-get install --no-install-recommends -y $*"
    fi
  fi
  command -v apt-get >/dev/null || die "Missing: $*. This is no Debian; please install what these packages are called here."
  say "Installing $* …"
  local log
  log=$(mktemp)
  if ! { "${as[@]}" apt-get update && "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -y "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "apt-get could not install $*. By hand:  apt-get update && apt-get install --no-install-recommends -y $*"
  fi
  rm -f "$log"
}

# is_jdk HOME: a JDK 25, with its compiler. The release file answers without starting a JVM.
is_jdk() {
  [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null
}

# Sets and exports JAVA_HOME: what it is, else the java on PATH, else one in /usr/lib/jvm, else a new one.
need_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME"; then
    export JAVA_HOME
    return
  fi
  find_jdk && return
  packages openjdk-25-jdk-headless
  find_jdk || die "There is still no JDK 25. Install one and set JAVA_HOME."
}

find_jdk() {
  local java candidate
  java=$(command -v java || true)
  for candidate in ${java:+"$(dirname "$(dirname "$(readlink -f "$java")")")"} /usr/lib/jvm/*25*; do
    if is_jdk "$candidate"; then
      export JAVA_HOME=$candidate
      return
    fi
  done
  return 1
}

need_maven() {
  command -v mvn >/dev/null || packages maven
}

# need_commands COMMAND:PACKAGE…: installs the packages whose command is missing, in one go.
need_commands() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] || packages "${missing[@]}"
}

# The recogniser's native library is C++; a minimal system may come without its runtime.
need_native_libraries() {
  [ -e "/usr/lib/$(uname -m)-linux-gnu/libstdc++.so.6" ] || ! command -v apt-get >/dev/null || packages libstdc++6
}

# stale: whether a source is newer than the jar. Tests do not count: they are not in it.
stale() {
  [ -e "$JAR" ] || return 0
  [ -n "$(find "$ROOT/pom.xml" "$ROOT"/{media,speech,gateway,gateway/{consent,ledger,sip,app}}/pom.xml "$ROOT"/{media,speech,gateway/{consent,ledger,sip,app}}/src/main -newer "$JAR" -print -quit)" ]
}

# A JVM reads its jars while it runs: what runs from them holds this lock, shared, to its end, and nobody builds meanwhile.
IN_USE=${JAR%/*}/in-use.lock
in_use() { [ -e "$IN_USE" ] && ! flock -n "$IN_USE" true; }
need_unused() { ! in_use || die "A gateway runs from $JAR, or a command does, and would miss what is built anew. End it first."; }

# Builds the jar where it is not up to date, and keeps it as it is for what is started from it. Tells what it does, and shows Maven's output only
# where it fails. Two scripts started at once build once: the second waits for the first.
# need_jar or-running: a command for a gateway that runs from older sources is that gateway's own.
need_jar() {
  need_jdk
  local log=${JAR%/*}/build.log lock=${JAR%/*}/build.lock began=$SECONDS
  mkdir -p "${JAR%/*}"
  [ -e "$IN_USE" ] || : >"$IN_USE"
  [ -e "$lock" ] || : >"$lock"
  exec 9<"$lock"
  flock 9
  if ! stale; then
    :
  elif [ "${1:-}" = or-running ] && [ -e "$JAR" ] && in_use; then
    say "The sources are newer than the gateway that runs; this is the command of that one. To build, end it first."
  else
    need_unused
    need_maven
    need_native_libraries
    say "Building (the first time takes a minute or two, and loads libraries) …"
    if ! maven -q -Dmaven.test.skip=true -Dspotless.check.skip=true package >"$log" 2>&1 9<&-; then
      tail -n 40 "$log" >&2
      die "The build failed; all of it is in $log"
    fi
    touch "$JAR" # a build that found nothing to do leaves the old time
    say "Built in $((SECONDS - began)) s."
  fi
  exec 8<"$IN_USE"
  flock -s 8
  exec 9<&-
}

# Classes ready to use and what is known of hot methods, so that a start is short and the first call finds a warm path: recorded (JEP 483, 514, 515)
# from a gateway of its own that takes some hundred calls. The cache goes when anything it was made from is newer. Takes a minute or two, after need_jar.
FAST_START=${JAR%.jar}.aot
# What a burst of calls took is given back once it is quiet (Decisions: the process, in gateway/app/README.md).
COLLECTOR=(-XX:+UseG1GC -Xms128m -Xmx1g -XX:MaxGCPauseMillis=5 -XX:G1PeriodicGCInterval=10000 -XX:InitiatingHeapOccupancyPercent=70 -XX:-ClassUnloadingWithConcurrentMark -XX:NmethodSweepActivity=0 -XX:+UseTransparentHugePages -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30)
need_fast_start() {
  [ ! -e "$FAST_START" ] || [ -n "$(find "$JAR" "$(dirname "$JAR")/lib" -newer "$FAST_START" -print -quit)" ] || return 0
  say "Preparing a fast start (once after a build, less than a minute; then calls are taken) …"
  rm -f "$FAST_START"
  "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -cp "$BENCH" org.consentgateway.bench.Training \
    "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" "${COLLECTOR[@]}" -XX:AOTCacheOutput="$FAST_START" -jar "$JAR" serve >"${JAR%.jar}-aot.log" 2>&1 ||
    say "It could not be prepared, so this start and its first calls are slower; why, is in ${JAR%.jar}-aot.log."
}

# What a build is made of: +COMMIT, +COMMIT.changed where tracked files differ from it; nothing outside a repository.
build_metadata() {
  local commit
  # The tree may be somebody else's: git is only asked what it is.
  commit=$(git -c safe.directory='*' -C "$ROOT" rev-parse --short=12 HEAD 2>/dev/null) || return 0
  git -c safe.directory='*' -C "$ROOT" diff --quiet HEAD -- 2>/dev/null || commit+=.changed
  printf '+%s' "$commit"
}

# Maven, with a javac that Error Prone may look into: sixteen compilations in one warm process, not each in one of its own (pom.xml).
maven() {
  local opened=-Djavac.opened=true name
  for name in api file main model parser processing tree util; do
    opened+=" --add-exports=jdk.compiler/com.sun.tools.javac.$name=ALL-UNNAMED"
  done
  for name in code comp; do
    opened+=" --add-opens=jdk.compiler/com.sun.tools.javac.$name=ALL-UNNAMED"
  done
  # Maven's own libraries use what Java 25 warns of; that is not ours to mend. A jar keeps the modes of its files, which are the same whatever
  # umask whoever builds has.
  # The second compiler and the concurrent collector take more in a build of two minutes than they save: a third of its processor time.
  (cd "$ROOT" && umask 022 && MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS:-} $opened --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" mvn -B -ntp -Dbuild.metadata="$(build_metadata)" "$@")
}

# Flags every start has: what the libraries do with memory; UTF-8 towards native ones, too; the project's directory; of a crash neither a core nor a
# report, which hold words of callers.
JAVA_FLAGS=(
  --sun-misc-unsafe-memory-access=allow
  -Dfile.encoding=UTF-8
  -Djna.encoding=UTF-8
  -Dgateway.home="$ROOT"
  -XX:-CreateCoredumpOnCrash
  -XX:ErrorFile=/dev/null
)

# A tree that is somebody else's is worked on in a copy, which is made, or brought up to date, here; what is built there already comes along.
# Its data (ledger, keys) does not: it is theirs.
in_own_tree() {
  local at copy
  for at in "$ROOT" "$ROOT"/{media,speech,gateway,gateway/*}/target "$ROOT/data"; do
    if [ -e "$at" ] && [ ! -w "$at" ]; then
      copy=${XDG_CACHE_HOME:-${HOME:?}/.cache}/consent-gateway/$(printf '%s' "$ROOT" | cksum | cut -d' ' -f1)
      say "$at is not yours to write, so this works on a copy, with data of its own: $copy"
      mkdir -p "$copy"
      tar -C "$ROOT" --exclude=./data --exclude=./.git --exclude=./gateway/app/target/packages --exclude='*.aot' --exclude='*.lock' --ignore-failed-read --warning=no-failed-read -cf - . |
        tar -C "$copy" --no-same-owner --no-same-permissions -xf -
      (cd "$copy" && find . -type f -not -path './data/*' -not -path '*/target/*' -print0) | while IFS= read -r -d '' at; do
        [ -e "$ROOT/$at" ] || rm "$copy/$at"
      done
      chmod -R u+w "$copy"
      exec "$copy/scripts/$(basename "$0")" "$@"
    fi
  done
}
in_own_tree "$@"
