package org.consentgateway.proof.late;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.journal.LateJournal;
import org.consentgateway.consent.journal.LateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. A file of one JSON line per record that the store could not take yet ({@link
 * LateLine}). Synchronised to disk before anything counts as kept, and its name whenever that is
 * new; a last line torn by a crash is left out when the file is read again, for it was never
 * acknowledged. Whatever else cannot be read, and word of lines that are missing, is put into a
 * file beside it, and {@link #isDamaged} until a person has taken that away: a withdrawal may be
 * among it. What is missing at the end cannot be told. Readable by its owner only: pseudonyms are
 * personal data.
 */
public final class LateFile implements LateJournal {
    /** Of one kind: a store that is down for a day on a busy node leaves less than this. */
    public static final int CAPACITY = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(LateFile.class);

    private final Path file;
    private final Path damaged;
    private final Map<UUID, Kept> kept = new LinkedHashMap<>();

    /** How many of them there are of each kind. */
    private final Map<LateKind, Integer> places = new EnumMap<>(LateKind.class);

    /** Number of the newest line. */
    private long lines;

    /** Whether it has lines that the store has taken, or that are not as they would be written. */
    private boolean longer;

    /** What could not be read and is in no other file yet. */
    private volatile List<String> unreadable = List.of();

    /** Whether the disk took nothing the last time. */
    private boolean failing;

    /** Whether the damaged lines were there when that was looked at last. */
    private volatile boolean damageSeen;

    /**
     * @param json of the record, since the file is written anew whenever the store has taken some
     */
    private record Kept(ConsentRecord record, String json) {}

    private LateFile(Path file) {
        this.file = file;
        this.damaged = file.resolveSibling(file.getFileName() + ".damaged");
    }

    /**
     * On a full disk as well: what waits there is safe, and callers reach a human meanwhile.
     *
     * @param file need not exist; its directory is made
     */
    public static LateFile open(Path file) throws IOException {
        var late = new LateFile(file.toAbsolutePath());
        make(late.directory());
        boolean asWritten = Files.exists(late.file) && late.read();
        boolean damaged = !late.unreadable.isEmpty();
        if (!asWritten) {
            late.shorten();
        }
        late.look();
        if (damaged) {
            LOG.error("{}", late.state());
        }
        return late;
    }

    private Path directory() {
        return Objects.requireNonNull(file.getParent()); // it is absolute, and names a file
    }

    /** With those above it, each on the disk before anything is in it. */
    private static void make(Path directory) throws IOException {
        Path above = directory.getParent();
        if (Files.isDirectory(directory) || above == null) {
            return;
        }
        make(above);
        Files.createDirectories(directory);
        force(above);
    }

    /**
     * @return whether it is as it would be written anew
     */
    private boolean read() throws IOException {
        boolean asWritten = true;
        List<String> bad = new ArrayList<>();
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (text.indexOf('\n', at) >= 0) {
            int end = text.indexOf('\n', at);
            String raw = text.substring(at, end);
            at = end + 1;
            LateLine line = LateLine.of(raw.getBytes(StandardCharsets.ISO_8859_1));
            if (line == null) {
                lines++;
                bad.add(raw);
                continue;
            }
            if (line.number() > lines + 1) {
                bad.add(
                        "{\"missing\":\"lines "
                                + (lines + 1)
                                + " to "
                                + (line.number() - 1)
                                + "\"}");
            }
            lines = Math.max(lines, line.number());
            asWritten &= line.number() == kept.size() + 1;
            add(line.record());
        }
        settle(at);
        unreadable = List.copyOf(bad);
        return asWritten && bad.isEmpty();
    }

    /**
     * Takes off half a line, and has the rest on the disk, where a process that was killed may not
     * have brought it: needs no room.
     *
     * @param end of the last whole line
     */
    private void settle(long end) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(end).force(true);
        }
        force(directory());
    }

    private void putAside() throws IOException {
        if (unreadable.isEmpty()) {
            return;
        }
        if (!Files.exists(damaged)) {
            Files.createFile(damaged, ownerOnly());
        }
        String lines = String.join("\n", unreadable) + "\n";
        try (var channel = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
            long end = channel.size();
            try {
                channel.position(end);
                write(channel, lines.getBytes(StandardCharsets.ISO_8859_1));
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(end);
                throw e;
            }
        }
        force(directory());
        unreadable = List.of();
    }

    /**
     * Looks whether the damaged lines are still there; waits for the disk. What cannot be looked at
     * has not been seen to: a disk that hung may answer with an error.
     */
    public void look() {
        damageSeen = !unreadable.isEmpty() || !Files.notExists(damaged);
    }

    /**
     * Whether something of it could not be read, and nobody had seen to that when it was last
     * {@link #look looked at}. Asked while callers ring, who wait for no disk.
     */
    public boolean isDamaged() {
        return damageSeen;
    }

    /** What is damaged and what is to be done, in words, while it is. */
    public Optional<String> damage() {
        return isDamaged() ? Optional.of(state()) : Optional.empty();
    }

    private String state() {
        if (!unreadable.isEmpty()) {
            return "late records that could not be read stay in "
                    + file
                    + ", for they cannot be put into "
                    + damaged
                    + ": a withdrawal may be among them, so callers are asked in full; make room"
                    + " on that disk, and leave both files there";
        }
        return "late records that could not be read are in "
                + damaged
                + ": a withdrawal may be among them, so callers are asked in full until that file"
                + " is taken away (config/operation/incidents.md)";
    }

    @Override
    public synchronized boolean keep(List<ConsentRecord> together) {
        List<ConsentRecord> fresh =
                together.stream().filter(record -> !kept.containsKey(record.id())).toList();
        if (fresh.isEmpty()) {
            return true;
        }
        if (!hasPlacesFor(fresh)) {
            return false;
        }
        try {
            if (!Files.exists(file)) {
                rewrite();
            }
            append(fresh);
            fresh.forEach(this::add);
            failing = false;
            return true;
        } catch (IOException e) {
            if (!failing) {
                LOG.error(
                        "Records cannot be kept on this machine, only in memory: {}",
                        e.getClass().getSimpleName());
            }
            failing = true;
            return false;
        }
    }

    private boolean hasPlacesFor(List<ConsentRecord> fresh) {
        Map<LateKind, Integer> more = new EnumMap<>(LateKind.class);
        fresh.forEach(record -> more.merge(LateKind.of(record), 1, Integer::sum));
        return more.entrySet().stream()
                .allMatch(kind ->
                        places.getOrDefault(kind.getKey(), 0) + kind.getValue() <= CAPACITY);
    }

    @Override
    public synchronized List<ConsentRecord> kept() {
        return kept.values().stream().map(Kept::record).toList();
    }

    /** All or nothing: the next line must not begin behind half of one of these. */
    private void append(List<ConsentRecord> records) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            try {
                channel.position(end);
                if (!endsALine(channel, end)) {
                    write(channel, new byte[] {'\n'});
                }
                long number = lines;
                for (ConsentRecord record : records) {
                    number++;
                    write(channel, LateLine.text(number, LateLine.json(record)));
                }
                channel.force(true);
                lines = number;
            } catch (IOException e) {
                channel.truncate(end);
                throw e;
            }
        }
    }

    /** Not where half a line could not be taken back, since the disk failed. */
    private static boolean endsALine(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return end == 0 || (channel.read(last, end - 1) == 1 && last.get(0) == '\n');
    }

    private void add(ConsentRecord record) {
        Kept one = new Kept(record, LateLine.json(record));
        if (kept.put(record.id(), one) == null) {
            places.merge(LateKind.of(record), 1, Integer::sum);
        }
    }

    /** The file is written anew once, however many they are. */
    @Override
    public synchronized void forget(Collection<ConsentRecord> written) {
        boolean any = false;
        for (ConsentRecord record : written) {
            if (kept.remove(record.id()) != null) {
                any = true;
                places.merge(LateKind.of(record), -1, Integer::sum);
            }
        }
        if (any || longer) {
            shorten();
        }
    }

    private void shorten() {
        try {
            rewrite();
        } catch (IOException e) {
            // The lines stay; handing the records in again later changes nothing.
            if (!longer) {
                LOG.warn("{} cannot be written anew, and is later: {}", file, e.toString());
            }
            longer = true;
        }
    }

    /** What is put aside goes with it: it would be put aside again as long as it stays here. */
    private void rewrite() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, ownerOnly());
        try {
            writeKept(fresh);
            putAside();
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(fresh); // it would keep the last room of a full disk
            throw e;
        }
        lines = kept.size();
        longer = false;
        // Else a machine that loses power has the file of before, without what follows now.
        force(directory());
    }

    private void writeKept(Path fresh) throws IOException {
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            long number = 0;
            for (Kept one : kept.values()) {
                number++;
                write(channel, LateLine.text(number, one.json()));
            }
            channel.force(true);
        }
    }

    /** What is named in it: a file may be on the disk, and its name not. */
    private static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> ownerOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    }

    private static void write(FileChannel channel, byte[] octets) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(octets);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }
}
