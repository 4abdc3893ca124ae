package org.consentgateway.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of exported checkpoints: {@code NODE.checkpoint} is the newest, {@code
 * NODE/SIZE.checkpoint} are those before it. Copy them off the machine: they are what a cut or
 * restored log is caught with.
 */
final class Exports {
    /** Kept per node; older ones stay in the store. */
    private static final int MAX_KEPT = 1000;

    private Exports() {}

    static Path newest(LedgerSettings settings) {
        return settings.checkpoints().exports().resolve(settings.node() + ".checkpoint");
    }

    static void write(LedgerSettings settings, long size, String note) throws IOException {
        Path directory = settings.checkpoints().exports().resolve(settings.node());
        DurableFile.directory(directory, "rwxr-xr-x");
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        DurableFile.publish(directory.resolve(String.format("%012d.checkpoint", size)), bytes);
        DurableFile.publish(newest(settings), bytes);
        List<Path> kept = all(directory);
        for (Path old : kept.subList(0, Math.max(0, kept.size() - MAX_KEPT))) {
            Files.deleteIfExists(old);
        }
    }

    /** All checkpoint files below a directory, in order of their names; empty where it is none. */
    static List<Path> all(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".checkpoint")).sorted().toList();
        }
    }
}
