package org.consentgateway.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.journal.LateJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. A file of one JSON line per record that the store could not take yet. Synchronised
 * to disk on every line; a line torn by a crash is left out when the file is read again, for it was
 * never acknowledged. Readable by its owner only: pseudonyms are personal data.
 */
public final class LateFile implements LateJournal {
    /** A store that is down for a day on a busy node leaves less than this. */
    static final int CAPACITY = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(LateFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<UUID, ConsentRecord> kept = new LinkedHashMap<>();

    private LateFile(Path file) {
        this.file = file;
    }

    /**
     * @param file need not exist; its directory is made
     */
    public static LateFile open(Path file) throws IOException {
        var late = new LateFile(file.toAbsolutePath());
        Files.createDirectories(late.file.getParent());
        if (Files.exists(late.file)) {
            late.read();
        }
        late.rewrite();
        return late;
    }

    private void read() throws IOException {
        int torn = 0;
        for (String line : Files.readAllLines(file)) {
            try {
                ConsentRecord record = RecordJson.read(JSON.readTree(line));
                kept.put(record.id(), record);
            } catch (JsonProcessingException | IllegalArgumentException e) {
                torn++;
            }
        }
        if (torn > 0) {
            LOG.warn("{}: {} lines could not be read and are left out", file, torn);
        }
    }

    @Override
    public synchronized boolean keep(ConsentRecord record) {
        if (kept.containsKey(record.id())) {
            return true;
        }
        if (kept.size() >= CAPACITY) {
            return false;
        }
        // Counts in this process even where the disk fails: the next call asks this map.
        kept.put(record.id(), record);
        try (var channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            write(channel, record);
            channel.force(true);
            return true;
        } catch (IOException e) {
            LOG.error("A record cannot be kept on this machine: {}", e.getClass().getSimpleName());
            return false;
        }
    }

    @Override
    public synchronized List<ConsentRecord> kept() {
        return new ArrayList<>(kept.values());
    }

    @Override
    public synchronized void forget(ConsentRecord record) {
        if (kept.remove(record.id()) == null) {
            return;
        }
        try {
            rewrite();
        } catch (IOException e) {
            // The line stays; handing the record in again later changes nothing.
            LOG.warn("The file of late records cannot be shortened: {}", e.toString());
        }
    }

    private void rewrite() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(fresh, ownerOnly);
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            for (ConsentRecord record : kept.values()) {
                write(channel, record);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void write(FileChannel channel, ConsentRecord record) throws IOException {
        ByteBuffer line =
                ByteBuffer.wrap((RecordJson.write(record) + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
    }
}
