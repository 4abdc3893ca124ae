package org.consentgateway.ledger.keys;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Has a small file read, changed and written by one at a time, of all threads and processes: else
 * the second to write it loses what the first has changed. Who only reads needs no turn, since
 * {@link DurableFile} writes it whole.
 */
public final class SoleWriter {
    /** Within this process, where a file's lock tells nobody apart. */
    private static final ReentrantLock HERE = new ReentrantLock();

    private SoleWriter() {}

    /** From reading to writing. */
    @FunctionalInterface
    public interface Rewrite<T> {
        T make() throws IOException;
    }

    /**
     * Waits for its turn. The lock lies beside the file, since that is another one with each
     * change.
     *
     * @param file which need not be there yet, nor its directory
     */
    public static <T> T change(Path file, Rewrite<T> rewrite) throws IOException {
        Path lock = file.toAbsolutePath().normalize().resolveSibling(file.getFileName() + ".lock");
        HERE.lock();
        try {
            Files.createDirectories(lock.getParent());
            DurableFile.reserve(lock);
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (!held.isValid()) {
                    throw new IOException(lock + " cannot be locked");
                }
                return rewrite.make();
            }
        } finally {
            HERE.unlock();
        }
    }
}
