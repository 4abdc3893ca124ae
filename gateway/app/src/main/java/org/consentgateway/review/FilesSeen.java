package org.consentgateway.review;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/** Immutable. All files below some folders: equal to another look where none has changed since. */
record FilesSeen(Map<Path, Stamp> all) {
    FilesSeen {
        all = Map.copyOf(all);
    }

    /** An older file that is put back in its place has another time as well. */
    record Stamp(FileTime changed, long octets) {}

    /** What is not there, or cannot be read, is for those to tell who read it. */
    static FilesSeen below(Path... folders) throws IOException {
        var seen = new HashMap<Path, Stamp>();
        for (Path folder : folders) {
            Path _ =
                    Files.walkFileTree(
                            folder,
                            EnumSet.of(FileVisitOption.FOLLOW_LINKS), // mounts of Kubernetes
                            Integer.MAX_VALUE,
                            new Looking(seen));
        }
        return new FilesSeen(seen);
    }

    /** Confined to one look. */
    private static final class Looking extends SimpleFileVisitor<Path> {
        private final Map<Path, Stamp> seen;

        Looking(Map<Path, Stamp> seen) {
            this.seen = seen;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return visitFile(folder, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            seen.put(file, new Stamp(attributes.lastModifiedTime(), attributes.size()));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException why) {
            return FileVisitResult.CONTINUE;
        }
    }
}
