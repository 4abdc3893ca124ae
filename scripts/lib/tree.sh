# Sourced by scripts/package: the files that the .deb and the image have in common, where they stand when installed.

SHARED=usr/share/consent-gateway
DOC=usr/share/doc/consent-gateway

# The time of every file in what is built: that of the jars (pom.xml), so that one commit makes one file, whenever and wherever.
epoch() {
  date -u -d "$(sed -n 's,.*<project.build.outputTimestamp>\(.*\)</.*,\1,p' "$ROOT/pom.xml")" +%s
}

# The version as in the jar: 0.1.0-SNAPSHOT+1e24926b70d6.
jar_version() {
  unzip -p "$JAR" META-INF/MANIFEST.MF | tr -d '\r' | sed -n 's/^Implementation-Version: //p'
}

# As Debian sorts it: before its release, by the time of the commit. PACKAGE_VERSION=… names another one.
deb_version() {
  local version=${1%%+*} commit=${1#*+} at
  if [ -n "${PACKAGE_VERSION:-}" ]; then
    printf '%s' "$PACKAGE_VERSION"
  elif [ "$version" != "${version%-SNAPSHOT}" ]; then
    at=$(git -c safe.directory='*' -C "$ROOT" log -1 --date=format-local:%Y%m%d.%H%M%S --format=%cd 2>/dev/null || printf 0)
    printf '%s~git%s.%s-1' "${version%-SNAPSHOT}" "$at" "$commit"
  else
    printf '%s-1' "$version"
  fi
}

# A jar of this very commit, since what is packed says which it is; and the list of what is in it, made in the same build.
need_shipped() {
  need_commands unzip:unzip git:git
  need_jdk
  SBOM=${JAR%.jar}-sbom.json
  if stale || [ ! -e "$SBOM" ] || [ "$(jar_version | sed -n 's/^[^+]*//p')" != "$(build_metadata)" ]; then
    need_unused
    say "Building …"
    rm -f "$JAR"
    "$ROOT/scripts/sbom" "$SBOM"
  fi
}

# put MODE FROM TO
put() { install -D -m "$1" "$2" "$3"; }

# put_tree FROM TO: a folder's files as git has them, so that nothing of a test or an editor goes along.
put_tree() {
  local file
  git -c safe.directory='*' -C "$ROOT" ls-files -z -- "$1" | while IFS= read -r -d '' file; do
    put 0644 "$ROOT/$file" "$2${file#"$1"}"
  done
}

# lay_out DIR: a new folder with the program, its data, its configuration and its documents.
lay_out() {
  local to=$1 jar name
  rm -rf "$to"
  mkdir -p "$to/$SHARED/lib"
  put 0644 "$JAR" "$to/$SHARED/gateway.jar"
  for jar in "${JAR%/*}"/lib/*.jar; do
    put 0644 "$jar" "$to/$SHARED/lib/${jar##*/}"
  done
  put 0755 "$ROOT/config/packages/consent-gateway" "$to/usr/bin/consent-gateway"
  for name in languages lexicon models prompts; do
    put_tree "config/$name" "$to/$SHARED/config/$name"
  done

  # What is changed stands where Debian's administrators look for it; relative paths in the file find it through these.
  put 0640 "$ROOT/config/gateway.yaml" "$to/etc/consent-gateway/gateway.yaml"
  sed -i -e 's,scripts/run --config FILE  ,consent-gateway --config FILE serve,' -e 's,scripts/gateway ,consent-gateway ,g' \
    -e 's,^\(# .*\)Relative paths start at the project\.,\1Relative paths start at /usr/share/consent-gateway (data is /var/lib/consent-gateway there).,' \
    "$to/etc/consent-gateway/gateway.yaml"
  put_tree config/notices "$to/etc/consent-gateway/notices"
  ln -s /etc/consent-gateway/gateway.yaml "$to/$SHARED/config/gateway.yaml"
  ln -s /etc/consent-gateway/notices "$to/$SHARED/config/notices"
  ln -s /var/lib/consent-gateway "$to/$SHARED/data"

  put 0644 "$SBOM" "$to/$DOC/sbom.cdx.json"
  for name in README.md SECURITY.md NOTICE CHANGELOG.md; do
    put 0644 "$ROOT/$name" "$to/$DOC/$name"
  done
  put 0644 "$ROOT/config/packages/README.md" "$to/$DOC/packages.md"
  for name in api assistants cdr consents console grafana kamailio operation postgresql prometheus reports trunks webhooks; do
    put_tree "config/$name" "$to/$DOC/examples/$name"
  done
}

# same_times DIR: what differs from build to build without meaning anything.
same_times() {
  find "$1" -exec touch -h -d "@$(epoch)" {} +
}
