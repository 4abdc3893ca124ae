# Sourced by scripts/package: what is built is tried where nothing of this tree is.

# fresh_root DIR: a minimal Debian 13 from this machine's own mirror, cached for the next try.
fresh_root() {
  local tar=$PACKAGES/trixie.tar source
  need_commands mmdebstrap:mmdebstrap ip:iproute2 setpriv:util-linux
  if [ ! -e "$tar" ]; then
    say "Making a fresh Debian root …"
    mkdir -p "$PACKAGES"
    if ! mmdebstrap --variant=minbase --format=tar trixie "$tar.new" >"$tar.log" 2>&1; then
      tail -n 5 "$tar.log" >&2
      die "It could not be made; all of it is in $tar.log"
    fi
    mv "$tar.new" "$tar"
  fi
  mkdir "$1"
  tar -C "$1" -xf "$tar"
}

# inside DIR [--alone] COMMAND…: in that root, with processes of its own, which end with it; --alone: with a loopback of its own and no other network.
inside() {
  local root=$1 spaces=(--mount --pid --fork --kill-child) loopback=:
  shift
  if [ "$1" = --alone ]; then
    shift
    spaces+=(--net)
    loopback='ip link set lo up'
  fi
  unshare "${spaces[@]}" sh -c "$loopback && mount -t proc proc \"\$0/proc\" && mount --rbind /dev \"\$0/dev\" && exec chroot \"\$0\" \"\$@\"" "$root" \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

need_root() { [ "$(id -u)" -eq 0 ] || die "A root directory is made and entered, so this runs as root."; }

try_deb() {
  need_root
  local root old new next
  PACKAGE_VERSION='' build_deb
  old=$DEB
  next=$(deb_version "$(jar_version)")+next
  PACKAGE_VERSION=$next build_deb
  new=$DEB
  another_version "$new" "$next"
  root=$(mktemp -d)/root
  # shellcheck disable=SC2064 # the folder of this try
  trap "rm -rf --one-file-system '${root%/*}'" EXIT
  fresh_root "$root"
  cp "$old" "$root/root/old.deb"
  cp "$new" "$root/root/new.deb"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  say "Installing it, with what it depends on …"
  inside "$root" sh -c 'apt-get update && apt-get install --no-install-recommends -y /root/old.deb' >"$PACKAGES/try-deb.log" 2>&1 || {
    tail -n 20 "$PACKAGES/try-deb.log" >&2
    die "It does not install."
  }
  cp "$ROOT/scripts/lib/try-deb-inside" "$root/root/try"
  inside "$root" --alone bash /root/try "$next"
}

# another_version DEB VERSION: as if the program and what is made in /etc had changed since.
another_version() {
  local root=$PACKAGES/deb-root etc=$PACKAGES/deb-root/$SHARED/etc manifest
  manifest=$(mktemp)
  printf 'Implementation-Version: %s\n' "$2" >"$manifest"
  "$JAVA_HOME/bin/jar" --update --manifest="$manifest" --file="$root/$SHARED/gateway.jar" 2>/dev/null
  rm "$manifest"
  printf '# Of the next version.\n' | tee -a "$etc/consent-gateway/gateway.yaml" >>"$etc/consent-gateway/notices/common/de.yaml"
  dpkg-deb --root-owner-group -Zxz -z0 --threads-max=1 --build "$root" "$1" >/dev/null
}

check_packages() {
  need_commands systemd-analyze:systemd lintian:lintian
  local unit=$ROOT/config/packages/deb/consent-gateway.service
  # Of ten; what is at most 2.0 is called OK there.
  systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" | tail -n 1
  build_deb
  lintian --fail-on error,warning --tag-display-limit 0 "$DEB" && say "lintian: no error, no warning"
  check_chart
}

# unpack_image DIR: its layers in order, as a container engine would; whiteouts there are none.
unpack_image() {
  python3 - "$IMAGE" "$1" <<'PYTHON'
import json, sys, tarfile
with tarfile.open(sys.argv[1]) as image:
    def blob(described):
        return image.extractfile("blobs/" + described["digest"].replace(":", "/"))
    manifest = json.load(blob(json.load(image.extractfile("index.json"))["manifests"][0]))
    for layer in manifest["layers"]:
        with tarfile.open(fileobj=blob(layer), mode="r:gz") as tar:
            tar.extractall(sys.argv[2], filter="fully_trusted")
PYTHON
}

try_image() {
  need_root
  local root
  build_image
  root=$(mktemp -d)/root
  # shellcheck disable=SC2064 # the folder of this try
  trap "rm -rf --one-file-system '${root%/*}'" EXIT
  mkdir "$root"
  unpack_image "$root"
  cp "$ROOT/scripts/lib/try-image-inside" "${root%/*}/try"
  # The root is read-only; what may be written is what the image calls a volume.
  unshare --mount --net --pid --fork --kill-child bash "${root%/*}/try" "$root" "$IMAGE_USER"
  try_podman
}

# The same by a container engine, where one works: in many build containers none does.
try_podman() {
  local log=$PACKAGES/podman.log name=consent-gateway-try image
  need_commands podman:podman runc:runc
  if ! podman load --quiet --input "$IMAGE" >"$log" 2>&1; then
    cat "$log" >&2
    die "podman does not take the image."
  fi
  image=$(sed -n 's/^Loaded image: //p' "$log" | tail -n 1)
  if ! podman --runtime runc run --detach --rm --name "$name" --read-only --cap-drop=all --security-opt=no-new-privileges --network=none \
    --tmpfs /var/lib/consent-gateway:U --tmpfs /tmp:exec "$image" >>"$log" 2>&1; then
    say "podman takes $image; it cannot run any here: $(tail -n 1 "$log")"
    return
  fi
  for _ in $(seq 60); do
    if podman logs "$name" 2>/dev/null | grep -q '/try'; then break; fi
    sleep 1
  done
  podman --runtime runc exec "$name" consent-gateway demo-call --key 1
  podman --runtime runc exec "$name" consent-gateway ledger verify
  podman --runtime runc stop --time 60 "$name" >>"$log" 2>&1
  say "podman runs $image on a read-only root, and it takes a call"
}

# Twice, in folders of their own, from the commit alone: what differs names the first octet of the first file.
same_twice() {
  need_commands git:git
  local folder name first second different=0
  folder=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of this try
  trap "rm -rf '$folder'" EXIT
  [ -z "$(build_metadata | grep changed)" ] || say "What is not committed is not in it."
  for name in one another/place; do
    git -c safe.directory='*' clone -q --no-hardlinks "$ROOT" "$folder/$name"
    say "Building in $name …"
    (umask "$([ "$name" = one ] && echo 022 || echo 077)" && "$folder/$name/scripts/package" deb && "$folder/$name/scripts/package" image) 2>&1 | sed 's/^/  /' >&2
  done
  for first in "$folder/one/gateway/app/target"/{gateway.jar,lib/*.jar,packages/*.deb,packages/*.tar}; do
    second=$folder/another/place${first#"$folder/one"}
    if ! cmp "$first" "$second" >&2; then
      different=1
    elif [[ $first != */lib/* ]] || [[ $first == *SNAPSHOT* ]]; then
      printf '%s  %s\n' "$(sha256sum <"$first" | cut -d' ' -f1)" "${first##*/}"
    fi
  done
  [ "$different" = 0 ] || die "They are not the same."
  say "Built twice, and the same."
}
