package org.consentgateway.cdr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. Lines in files of a day (UTC) each, {@code cdr-NODE-2026-11-27.jsonl},
 * and of a size at most, then {@code cdr-NODE-2026-11-27.1.jsonl}. Readable by their owner only. A
 * line that a crash has torn is cut off when the file is opened again.
 */
final class RotatedFiles implements AutoCloseable {
    private static final int TAIL = 8192;

    private final Path directory;
    private final String node;
    private final CdrFormat format;
    private final long mostBytes;
    private final Pattern names;
    private LocalDate day = LocalDate.MIN;
    private int part;
    private @Nullable FileChannel open;

    RotatedFiles(Path directory, String node, CdrFormat format, long mostBytes) {
        this.directory = directory;
        this.node = node;
        this.format = format;
        this.mostBytes = mostBytes;
        this.names = names(Pattern.quote(node), format.ending);
    }

    /**
     * What files of a node are called: their day is the first group, their part the second.
     *
     * @param node a regular expression
     * @param ending another one
     */
    static Pattern names(String node, String ending) {
        return Pattern.compile(
                "cdr-" + node + "-(\\d{4}-\\d{2}-\\d{2})(?:\\.(\\d{1,9}))?\\." + ending);
    }

    /** The system has it when this returns. */
    void append(String line, Instant now) throws IOException {
        byte[] octets = (line + "\n").getBytes(StandardCharsets.UTF_8);
        FileChannel file = file(LocalDate.ofInstant(now, ZoneOffset.UTC), octets.length);
        long before = file.size();
        try {
            write(file, octets);
        } catch (IOException e) {
            // Half a line would be read as one that is wrong.
            file.truncate(before);
            throw e;
        }
    }

    private FileChannel file(LocalDate today, int more) throws IOException {
        FileChannel file = open;
        if (file == null || !today.equals(day)) {
            close();
            day = today;
            part = newestPart(today);
            file = openPart();
        }
        while (file.size() > 0 && file.size() + more > mostBytes) {
            close();
            part++;
            file = openPart();
        }
        if (file.size() == 0 && !format.head.isEmpty()) {
            write(file, (format.head + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private FileChannel openPart() throws IOException {
        Path path =
                directory.resolve(
                        "cdr-"
                                + node
                                + "-"
                                + day
                                + (part == 0 ? "" : "." + part)
                                + "."
                                + format.ending);
        Files.createDirectories(directory);
        if (!Files.exists(path)) {
            Files.createFile(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        file.truncate(endOfLastLine(file));
        file.position(file.size());
        open = file;
        return file;
    }

    private static long endOfLastLine(FileChannel file) throws IOException {
        long end = file.size();
        while (end > 0) {
            int length = (int) Math.min(TAIL, end);
            ByteBuffer tail = ByteBuffer.allocate(length);
            while (tail.hasRemaining() && file.read(tail, end - length + tail.position()) > 0) {
                // on to the end of the buffer
            }
            for (int i = tail.position() - 1; i >= 0; i--) {
                if (tail.get(i) == '\n') {
                    return end - length + i + 1;
                }
            }
            end -= length;
        }
        return 0;
    }

    private static void write(FileChannel file, byte[] octets) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(octets);
        while (left.hasRemaining()) {
            file.write(left);
        }
    }

    private int newestPart(LocalDate today) throws IOException {
        int newest = 0;
        for (Path file : ours()) {
            Matcher name = names.matcher(file.getFileName().toString());
            if (name.matches() && name.group(1).equals(today.toString()) && name.group(2) != null) {
                newest = Math.max(newest, Integer.parseInt(name.group(2)));
            }
        }
        return newest;
    }

    private List<Path> ours() throws IOException {
        return in(directory).stream()
                .filter(file -> names.matcher(file.getFileName().toString()).matches())
                .toList();
    }

    /** None where there is no such folder. */
    static List<Path> in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (UncheckedIOException e) { // what breaks off while it is read
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel file = open;
        open = null;
        if (file != null) {
            file.close();
        }
    }
}
