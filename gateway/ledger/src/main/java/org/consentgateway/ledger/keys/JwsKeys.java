package org.consentgateway.ledger.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Thread-safe. The keys by which one node signs what others check at once, such as tokens: a file
 * of their own, apart from the keys of the log, so that each can be changed without the other.
 *
 * <pre>
 * token-NODE.keys      0600  one key a line, oldest first
 *
 *            published          signs                      its last token has expired
 * first    ──┬──────────────────────────────┬────────────────────────┐
 * next       │        ┬─ {@link #NOTICE} ───┬──────────────────────────────
 *          start    rotate
 * </pre>
 */
public final class JwsKeys {
    /** A new key is published so long before it signs: nobody meets one that is not known yet. */
    public static final Duration NOTICE = Duration.ofDays(1);

    private final Path file;

    // Guarded by this.
    private List<JwsKey> keys;
    private FileTime read;

    private JwsKeys(Path file, List<JwsKey> keys, FileTime read) {
        this.file = file;
        this.keys = keys;
        this.read = read;
    }

    /** Reads the keys of this node, creating the first one where there is none. */
    public static JwsKeys open(Path directory, String node, JwsKey.Algorithm algorithm)
            throws IOException {
        DurableFile.directory(directory, "rwx------");
        Path file = file(directory, node);
        return KeyFiles.locked(
                directory,
                () -> {
                    if (!Files.exists(file)) {
                        keep(file, List.of(JwsKey.create(algorithm, Instant.EPOCH)));
                    }
                    FileTime written = Files.getLastModifiedTime(file);
                    return new JwsKeys(file, parse(file), written);
                });
    }

    /** A new key, to sign after {@link #NOTICE}; a running gateway takes it up by itself. */
    public static JwsKey rotate(
            Path directory, String node, JwsKey.Algorithm algorithm, Instant now)
            throws IOException {
        JwsKeys before = open(directory, node, algorithm);
        return KeyFiles.locked(
                directory,
                () -> {
                    JwsKey next = JwsKey.create(algorithm, now.plus(NOTICE));
                    List<JwsKey> all = new ArrayList<>(parse(before.file));
                    all.add(next);
                    keep(before.file, all);
                    return next;
                });
    }

    /** The one to sign with. */
    public synchronized JwsKey current(Instant now) {
        refresh();
        return keys.stream()
                .filter(key -> !key.from().isAfter(now))
                .reduce((_, later) -> later)
                .orElse(keys.getFirst());
    }

    /**
     * Those that somebody may meet: the current one, those to come, and those before it whose
     * signatures may still count.
     *
     * @param lifetime of what is signed
     */
    public synchronized List<JwsKey> published(Instant now, Duration lifetime) {
        refresh();
        List<JwsKey> published = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            boolean isLast = i == keys.size() - 1;
            if (isLast || now.isBefore(keys.get(i + 1).from().plus(lifetime))) {
                published.add(keys.get(i));
            }
        }
        return published;
    }

    /** Where it cannot be read now, those read before count. */
    private void refresh() {
        try {
            FileTime written = Files.getLastModifiedTime(file);
            if (!written.equals(read)) {
                keys = parse(file);
                read = written;
            }
        } catch (IOException unreadable) {
            // Somebody may be about to put it back.
        }
    }

    private static List<JwsKey> parse(Path file) throws IOException {
        List<JwsKey> keys = new ArrayList<>();
        for (String line : KeyFiles.secretText(file).lines().toList()) {
            keys.add(JwsKey.parse(line).orElseThrow(() -> KeyFiles.malformed(file)));
        }
        if (keys.isEmpty()) {
            throw KeyFiles.malformed(file);
        }
        return List.copyOf(keys);
    }

    private static void keep(Path file, List<JwsKey> keys) throws IOException {
        String text = keys.stream().map(key -> key.text() + "\n").collect(Collectors.joining());
        DurableFile.keepSecret(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Path file(Path directory, String node) {
        return directory.resolve("token-" + node + ".keys");
    }
}
