package org.consentgateway.ledger.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Writes small files whole or not at all: temporary file, fsync, rename, fsync of the directory.
 */
public final class DurableFile {
    private DurableFile() {}

    /** Readable by others: what anybody may know. */
    public static void publish(Path file, byte[] content) throws IOException {
        replace(file, content, "rw-r--r--");
    }

    /** 0600: what only this account may know; wrapped where the directory says so. */
    static void keepSecret(Path file, byte[] content) throws IOException {
        keepOpen(file, KeyWrapping.wrapped(file, content));
    }

    /** 0600, as it is. */
    static void keepOpen(Path file, byte[] content) throws IOException {
        replace(file, content, "rw-------");
    }

    /** 0600, and empty where there was none. */
    public static void reserve(Path file) throws IOException {
        if (Files.exists(file)) {
            narrow(file);
            return;
        }
        try {
            Files.createFile(file, attributes(file.toAbsolutePath(), "rw-------"));
        } catch (FileAlreadyExistsException meanwhile) {
            // somebody else has made it
        }
    }

    /** 0600, where there is one and it is this account's to say so. */
    public static void narrow(Path file) throws IOException {
        if (!Files.exists(file) || !posix(file)) {
            return;
        }
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
        if (!owner.containsAll(Files.getPosixFilePermissions(file))) {
            try {
                Files.setPosixFilePermissions(file, owner);
            } catch (FileSystemException notOurs) {
                // somebody else's, who lets us write: theirs to say who reads it
            }
        }
    }

    public static void directory(Path directory, String permissions) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Files.createDirectories(directory);
        if (posix(directory)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        }
    }

    /** Asks the file system, not the mount: in a chroot or container the mount may not be named. */
    static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] attributes(Path where, String permissions) {
        return posix(where)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static void replace(Path file, byte[] content, String permissions) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("no directory: " + file);
        }
        Path temporary = directory.resolve(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        FileAttribute<?>[] attributes = attributes(directory, permissions);
        Set<StandardOpenOption> options =
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(temporary, options, attributes)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        force(directory);
    }

    /** A file or a directory that somebody else has written. */
    public static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** 0600: what is no key of the log. */
    public static void keepPrivate(Path file, byte[] content) throws IOException {
        replace(file, content, "rw-------");
    }

    /** 0600, and on the disk. */
    public static void keepToOwner(Path file) throws IOException {
        if (posix(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        force(file);
    }
}
