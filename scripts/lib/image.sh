# Sourced by scripts/package: the OCI image.

# What the runtime and the native libraries need of an operating system, and a shell for the command line. Debian's own packages, unpacked.
IMAGE_PACKAGES=(base-files dash gcc-14-base libc6 libgcc-s1 libstdc++6 zlib1g)
# A number, so that Kubernetes can see that it is not root's; nobody has it on a Debian of its own.
IMAGE_USER=10001

# Those of the libraries, found by jdeps where they say, by name where they look for them at run time (JDBC, JMX, DNS by JNDI, TLS with curves).
RUNTIME_MODULES=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.transaction.xa,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.localedata,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

build_image() {
  need_commands python3:python3 dpkg-deb:dpkg
  need_shipped
  local root=$PACKAGES/image-root system=$PACKAGES/image-system runtime=$PACKAGES/image-runtime
  rm -rf "$system" "$runtime"
  unpack_system "$system"
  mkdir -p "$runtime/opt"
  "$JAVA_HOME/bin/jlink" --add-modules "$RUNTIME_MODULES" --include-locales=de,en,fr,tr --strip-debug --no-header-files --no-man-pages --output "$runtime/opt/java" 2>&1 | grep -v '^WARNING' >&2 || true
  [ -x "$runtime/opt/java/bin/java" ] || die "jlink made no runtime; it needs a whole JDK 25 (Debian: openjdk-25-jdk-headless)."
  lay_out "$root"
  chmod 0644 "$root/etc/consent-gateway/gateway.yaml" # it has no secret, and root's group is not ours here
  mkdir -p "$root"/{var/lib/consent-gateway,tmp,proc,dev,sys}

  IMAGE=$PACKAGES/consent-gateway-image.tar
  # From what changes seldom to what changes with each build: a registry and a node keep what they have.
  python3 "$ROOT/scripts/lib/oci_image.py" "$IMAGE" --epoch "$(epoch)" --version "$(jar_version)" --user "$IMAGE_USER" \
    --owned var/lib/consent-gateway "$system" "$runtime" "$root"
  say "$(du -h "$IMAGE" | cut -f1)  $IMAGE"
}

# unpack_system DIR: the packages as Debian signed them, with what a scanner needs to know them by.
unpack_system() {
  local to=$1 debs=$PACKAGES/image-debs name deb
  mkdir -p "$to/var/lib/dpkg/status.d" "$debs"
  for name in "${IMAGE_PACKAGES[@]}"; do
    compgen -G "$debs/${name}_*.deb" >/dev/null || (cd "$debs" && apt-get -o APT::Sandbox::User="$(id -un)" download "$name" >/dev/null) ||
      die "apt-get could not load $name. As root, run once:  apt-get update"
    deb=$(compgen -G "$debs/${name}_*.deb" | head -n 1)
    dpkg-deb -x "$deb" "$to"
    dpkg-deb -f "$deb" >"$to/var/lib/dpkg/status.d/$name"
  done
  # Licences stay, manuals and other languages go.
  rm -rf "$to"/usr/share/{man,info,locale,lintian,gcc,gdb} "$to/usr/lib/x86_64-linux-gnu/gconv"
  find "$to/usr/share/doc" -type f ! -name copyright -delete
  printf 'root:x:0:0:root:/:/sbin/nologin\nconsent-gateway:x:%s:%s::/var/lib/consent-gateway:/sbin/nologin\n' "$IMAGE_USER" "$IMAGE_USER" >"$to/etc/passwd"
  printf 'root:x:0:\nconsent-gateway:x:%s:\n' "$IMAGE_USER" >"$to/etc/group"
  printf 'hosts: files dns\n' >"$to/etc/nsswitch.conf"
}
