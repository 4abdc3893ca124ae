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
import java.util.Collection;
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
    /**
     * A store that is down for a day on a busy node leaves less than this. As many places again are
     * for what ends a consent.
     */
    static final int CAPACITY = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(LateFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<UUID, ConsentRecord> kept = new LinkedHashMap<>();

    /** How many of them go first. */
    private int first;

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
                add(record);
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
        int alike = LateJournal.goesFirst(record) ? first : kept.size() - first;
        if (alike >= CAPACITY) {
            return false;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            append(channel, record);
            add(record);
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

    /** Whole or not at all: the next line must not begin behind half of this one. */
    private static void append(FileChannel channel, ConsentRecord record) throws IOException {
        long end = channel.size();
        try {
            channel.position(end);
            write(channel, record);
            channel.force(true);
        } catch (IOException e) {
            channel.truncate(end);
            throw e;
        }
    }

    private void add(ConsentRecord record) {
        if (kept.put(record.id(), record) == null && LateJournal.goesFirst(record)) {
            first++;
        }
    }

    /** The file is written anew once, however many they are. */
    @Override
    public synchronized void forget(Collection<ConsentRecord> written) {
        boolean any = false;
        for (ConsentRecord record : written) {
            if (kept.remove(record.id()) != null) {
                any = true;
                first -= LateJournal.goesFirst(record) ? 1 : 0;
            }
        }
        if (!any) {
            return;
        }
        try {
            rewrite();
        } catch (IOException e) {
            // The lines stay; handing the records in again later changes nothing.
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
