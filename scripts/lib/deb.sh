# Sourced by scripts/package: the Debian package.

build_deb() {
  need_commands dpkg-deb:dpkg gzip:gzip
  need_shipped
  local version root=$PACKAGES/deb-root from=$ROOT/config/packages/deb file
  version=$(deb_version "$(jar_version)")
  lay_out "$root"

  # What a machine's own configuration is made from: postinst says how. No conffiles: dpkg would ask about one that was edited while nothing runs.
  put 0644 "$from/default" "$root/etc/default/consent-gateway"
  find "$root/etc" -type f -exec chmod 0644 {} +
  mv "$root/etc" "$root/$SHARED/etc"

  put 0644 "$from/consent-gateway.service" "$root/usr/lib/systemd/system/consent-gateway.service"
  put 0644 "$from/sysusers.conf" "$root/usr/lib/sysusers.d/consent-gateway.conf"
  put 0644 "$from/low-ports.conf" "$root/$DOC/examples/low-ports.conf"
  put 0644 "$from/consent-gateway.1" "$root/usr/share/man/man1/consent-gateway.1"
  put 0644 "$from/lintian-overrides" "$root/usr/share/lintian/overrides/consent-gateway"
  put 0644 "$from/copyright" "$root/$DOC/copyright"
  mv "$root/$DOC/CHANGELOG.md" "$root/$DOC/changelog"
  printf 'consent-gateway (%s) trixie; urgency=medium\n\n  * What changes for those who run it is in changelog.gz.\n\n -- %s  %s\n' \
    "$version" "$(sed -n 's/^Maintainer: //p' "$from/control")" "$(LC_ALL=C date -u -R -d "@$(epoch)")" >"$root/$DOC/changelog.Debian"
  chmod 0644 "$root/$DOC/changelog.Debian" # whoever builds has a umask of their own
  gzip -9n "$root/$DOC/changelog" "$root/$DOC/changelog.Debian" "$root/usr/share/man/man1/consent-gateway.1"

  mkdir "$root/DEBIAN"
  for file in postinst prerm postrm; do
    put 0755 "$from/$file" "$root/DEBIAN/$file"
  done
  put 0644 "$from/templates" "$root/DEBIAN/templates"
  (cd "$root" && find usr -type f | LC_ALL=C sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
  sed -e "s/@VERSION@/$version/" -e "s/@SIZE@/$(($(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' | paste -sd+) >> 10))/" \
    "$from/control" >"$root/DEBIAN/control"
  find "$root" -type d -exec chmod 0755 {} +
  find "$root/DEBIAN" -maxdepth 1 -name '[cm]*' -exec chmod 0644 {} +
  same_times "$root"

  # Little to win: most of it are jars, and models that hardly shrink.
  DEB=$PACKAGES/consent-gateway_${version}_amd64.deb
  SOURCE_DATE_EPOCH=$(epoch) dpkg-deb --root-owner-group -Zxz -z0 --threads-max=1 --build "$root" "$DEB" >/dev/null
  say "$(du -h "$DEB" | cut -f1)  $DEB"
}
