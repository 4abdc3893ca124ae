package org.consentgateway.cdr;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Names in one file of call detail records that the log has no more in the same calls. To find them
 * the file is only read; whoever takes them out has to be the one who writes it.
 *
 * @param names whom it names in which call
 */
record OutdatedNames(Path file, CdrFormat format, Set<NamedCall> names) {
    static final String FRESH = ".tmp";

    /** Calls that the log is asked about at a time. */
    private static final int AT_ONCE = 2_000;

    /** Whatever octets there are, they stay as they are. */
    private static final Charset OCTETS = StandardCharsets.ISO_8859_1;

    static OutdatedNames in(Path file, CdrFormat format, CallDetailRecords.NamesInLog log)
            throws IOException {
        Set<NamedCall> outdated = new HashSet<>();
        Set<NamedCall> some = new HashSet<>();
        NamedLines.in(
                file,
                format,
                (named, _) -> {
                    some.add(named);
                    if (some.size() == AT_ONCE) {
                        outdated.addAll(outdated(some, log));
                        some.clear();
                    }
                });
        outdated.addAll(outdated(some, log));
        return new OutdatedNames(file, format, Set.copyOf(outdated));
    }

    private static Set<NamedCall> outdated(Set<NamedCall> some, CallDetailRecords.NamesInLog log)
            throws IOException {
        if (some.isEmpty()) {
            return Set.of();
        }
        Set<String> calls = new HashSet<>();
        some.forEach(named -> calls.add(named.call()));
        Map<String, Set<String>> there = log.named(calls);
        Set<NamedCall> outdated = new HashSet<>(some);
        outdated.removeIf(
                named -> there.getOrDefault(named.call(), Set.of()).contains(named.pseudonym()));
        return outdated;
    }

    /**
     * The file is written anew beside itself and takes its place at once: whoever reads it, and
     * whatever fails, there is one or the other.
     */
    void takeOut() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        Path fresh = file.resolveSibling(file.getFileName() + FRESH);
        Files.deleteIfExists(fresh);
        try {
            writeTo(fresh);
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (FileChannel folder =
                FileChannel.open(
                        file.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private void writeTo(Path fresh) throws IOException {
        try (var in =
                        new BufferedReader(
                                new InputStreamReader(Files.newInputStream(file), OCTETS));
                FileChannel channel =
                        FileChannel.open(
                                fresh,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")));
                Writer out = new BufferedWriter(Channels.newWriter(channel, OCTETS))) {
            var line = new StringBuilder();
            for (int letter = in.read(); letter >= 0; letter = in.read()) {
                if (letter == '\n') {
                    out.append(withoutName(line.toString())).append('\n');
                    line.setLength(0);
                } else {
                    line.append((char) letter);
                }
            }
            out.append(withoutName(line.toString())); // torn by a crash
            out.flush();
            channel.force(true);
        }
    }

    private String withoutName(String line) {
        return format.named(line).filter(names::contains).isPresent()
                ? format.withoutName(line)
                : line;
    }
}
