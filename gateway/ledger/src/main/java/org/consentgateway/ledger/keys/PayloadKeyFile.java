package org.consentgateway.ledger.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * {@code payload.keys}: read, and changed whole or not at all, by one process at a time. What is
 * destroyed in it is gone from the file with the return.
 */
public final class PayloadKeyFile {
    static final String NAME = "payload.keys";

    private PayloadKeyFile() {}

    /** The payload keys where this account may read them: an auditor without them checks less. */
    public static Optional<PayloadKeys> readable(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        return Files.isReadable(file) ? Optional.of(read(file)) : Optional.empty();
    }

    static void create(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            keep(file, PayloadKeys.first());
        }
    }

    static PayloadKeys read(Path file) throws IOException {
        return PayloadKeys.parse(KeyFiles.secretText(file))
                .orElseThrow(() -> KeyFiles.malformed(file));
    }

    static PayloadKeys rotate(Path directory) throws IOException {
        if (read(directory.resolve(NAME)).stage() != PayloadKeys.Stage.STEADY) {
            throw new KeyFiles.Unusable(
                    "everything is being sealed anew under a new key: finish that first, by"
                            + " scripts/gateway keys rotate --reseal");
        }
        return change(directory, PayloadKeys::rotated);
    }

    /**
     * A key under which everything is to be sealed anew: the one of an earlier try that was not
     * finished, or a new one.
     *
     * @param use whether it may be used from now on: all nodes have it
     */
    public static PayloadKeys resealing(Path directory, boolean use) throws IOException {
        return change(
                directory,
                now -> {
                    PayloadKeys with =
                            now.stage() == PayloadKeys.Stage.STEADY ? now.rotated() : now;
                    boolean used = use || now.stage() == PayloadKeys.Stage.RESEALING;
                    return with.at(used ? PayloadKeys.Stage.RESEALING : PayloadKeys.Stage.PREPARED);
                });
    }

    /** Destroys whole keys, under which nothing is sealed any more. */
    public static PayloadKeys forget(Path directory, Collection<String> ids) throws IOException {
        return change(directory, now -> now.without(ids));
    }

    /**
     * Destroys the keys of entries.
     *
     * @param entries indexes by log
     */
    public static PayloadKeys destroy(Path directory, Map<String, Set<Long>> entries)
            throws IOException {
        return change(
                directory,
                now -> {
                    PayloadKeys left = now;
                    for (Map.Entry<String, Set<Long>> log : entries.entrySet()) {
                        left = left.without(log.getKey(), log.getValue());
                    }
                    return left;
                });
    }

    private static PayloadKeys change(Path directory, UnaryOperator<PayloadKeys> change)
            throws IOException {
        return KeyFiles.locked(
                directory,
                () -> {
                    Path file = directory.resolve(NAME);
                    PayloadKeys before = read(file);
                    PayloadKeys after = change.apply(before);
                    if (!after.text().equals(before.text())) {
                        keep(file, after);
                    }
                    return after;
                });
    }

    private static void keep(Path file, PayloadKeys keys) throws IOException {
        DurableFile.keepSecret(file, keys.text().getBytes(StandardCharsets.UTF_8));
    }
}
