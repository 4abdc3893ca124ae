"""oci_image.py FILE.tar --epoch S --version V --user N [--owned PATH] LAYER…: an OCI image archive of these folders, a layer each.

Called by scripts/package image. The formats: OCI Image Specification 1.1 (layout, manifest, configuration, tar layers). The same folders make
the same octets: names in order, one time, owners by number, no time in the compressed stream.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import stat
import tarfile
from datetime import datetime, timezone

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
NAME = "consent-gateway"


def paths(folder):
    """All below it, relative, parents first, in the order of their names."""
    for here, folders, files in os.walk(folder):
        folders.sort()
        links = [f for f in folders if os.path.islink(os.path.join(here, f))]
        for name in sorted(files + folders):
            yield os.path.relpath(os.path.join(here, name), folder)
        folders[:] = [f for f in folders if f not in links]


def layer(folder, epoch, user, owned):
    """The folder as tar: of root, and what is owned of the user; /tmp for everybody."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in paths(folder):
            full = os.path.join(folder, path)
            entry = tar.gettarinfo(full, path)
            if entry.islnk():  # the same file twice is stored twice: which of both is the link depends on the order on disk
                entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", os.path.getsize(full)
            entry.mtime = epoch
            entry.uname = entry.gname = ""
            entry.uid = entry.gid = user if path == owned else 0
            entry.pax_headers = {}
            if entry.issym():
                entry.mode = 0o777
            elif path == "tmp":
                entry.mode = 0o1777
            elif entry.isdir():
                entry.mode = 0o700 if path == owned else 0o755
            else:
                entry.mode = 0o755 if entry.mode & stat.S_IXUSR else 0o644
            if entry.isreg():
                with open(full, "rb") as content:
                    tar.addfile(entry, content)
            else:
                tar.addfile(entry)
    return out.getvalue()


class Layout:
    """The files of an image archive, by digest."""

    def __init__(self):
        self.files = {"oci-layout": json.dumps({"imageLayoutVersion": "1.0.0"}).encode()}

    def add(self, media_type, content):
        digest = hashlib.sha256(content).hexdigest()
        self.files[f"blobs/sha256/{digest}"] = content
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    def add_json(self, media_type, value):
        return self.add(media_type, json.dumps(value, sort_keys=True, separators=(",", ":")).encode())

    def write(self, path, epoch):
        with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
            for name in sorted(self.files):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime, entry.mode = len(self.files[name]), epoch, 0o644
                tar.addfile(entry, io.BytesIO(self.files[name]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--epoch", type=int, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--user", type=int, required=True)
    parser.add_argument("--owned")
    parser.add_argument("layers", nargs="+")
    asked = parser.parse_args()
    created = datetime.fromtimestamp(asked.epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    version, _, revision = asked.version.partition("+")
    labels = {
        "org.opencontainers.image.title": NAME,
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "Apache-2.0",
        "org.opencontainers.image.created": created,
    }
    if revision:
        labels["org.opencontainers.image.revision"] = revision

    layout = Layout()
    layers, plain = [], []
    for folder in asked.layers:
        tar = layer(folder, asked.epoch, asked.user, asked.owned)
        plain.append("sha256:" + hashlib.sha256(tar).hexdigest())
        layers.append(layout.add(LAYER, gzip.compress(tar, compresslevel=6, mtime=0)))
    config = layout.add_json(
        CONFIG,
        {
            "architecture": "amd64",
            "os": "linux",
            "created": created,
            "config": {
                "User": f"{asked.user}:{asked.user}",
                "Env": ["PATH=/usr/bin:/bin:/opt/java/bin", "LANG=C.UTF-8"],
                "Entrypoint": ["/usr/bin/consent-gateway"],
                "Cmd": ["serve"],
                "WorkingDir": "/var/lib/consent-gateway",
                "Volumes": {"/var/lib/consent-gateway": {}, "/tmp": {}},
                "ExposedPorts": {"5060/udp": {}, "5060/tcp": {}, "8080/tcp": {}},
                "StopSignal": "SIGTERM",
                "Labels": labels,
            },
            "rootfs": {"type": "layers", "diff_ids": plain},
            "history": [{"created": created, "created_by": "scripts/package image"} for _ in layers],
        },
    )
    manifest = layout.add_json(
        MANIFEST,
        {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers, "annotations": labels},
    )
    manifest["annotations"] = {"org.opencontainers.image.ref.name": f"{NAME}:{version}"}  # as podman load names it
    manifest["platform"] = {"architecture": "amd64", "os": "linux"}
    layout.files["index.json"] = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest]}, sort_keys=True).encode()
    layout.write(asked.file, asked.epoch)


if __name__ == "__main__":
    main()
