package org.consentgateway.ledger.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.ledger.keys.DurableFile;

/**
 * The directory of exported checkpoints: {@code NODE.checkpoint} is the newest, {@code
 * NODE/SIZE.checkpoint} are those before it. Copy them off the machine: they are what a cut or
 * restored log is caught with.
 */
public final class Exports {
    /** Kept per node; older ones stay in the store. */
    private static final int MAX_KEPT = 1000;

    private Exports() {}

    static Path newest(LedgerSettings settings) {
        return settings.checkpoints().exports().resolve(settings.node() + ".checkpoint");
    }

    /**
     * The newest one again, beside the keys: whoever puts an old state in place of store and
     * exports together is found by it.
     */
    static Path besideKeys(LedgerSettings settings) {
        return settings.keys().resolve("newest-" + settings.node() + ".checkpoint");
    }

    /** At once where there is none beside the keys: without any the store counts as an old one. */
    public static void keepFirst(LedgerSettings settings, String note) throws IOException {
        if (!Files.exists(besideKeys(settings))) {
            DurableFile.publish(besideKeys(settings), note.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * @param isNewest whether none of more entries was written before
     */
    static void write(LedgerSettings settings, long size, String note, boolean isNewest)
            throws IOException {
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        if (isNewest) {
            DurableFile.publish(besideKeys(settings), bytes);
        }
        Path directory = settings.checkpoints().exports().resolve(settings.node());
        DurableFile.directory(directory, "rwxr-xr-x");
        DurableFile.publish(directory.resolve(String.format("%012d.checkpoint", size)), bytes);
        if (isNewest) {
            DurableFile.publish(newest(settings), bytes);
        }
        List<Path> kept = all(directory);
        for (Path old : kept.subList(0, Math.max(0, kept.size() - MAX_KEPT))) {
            Files.deleteIfExists(old);
        }
    }

    /** All checkpoint files below a directory, in order of their names; empty if it is none. */
    public static List<Path> all(Path directory) throws IOException {
        return files(directory, ".checkpoint");
    }

    /**
     * All files below a directory whose names end so, in order of their names. A gateway may be
     * writing there: what is renamed or removed meanwhile is passed over.
     */
    public static List<Path> files(Path directory, String ending) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(ending)) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
        Collections.sort(found);
        return found;
    }

    /** The text of the checkpoints below a directory, by file. */
    public static Map<String, String> texts(Path directory) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path file : all(directory)) {
            try {
                texts.put(file.toString(), Files.readString(file));
            } catch (NoSuchFileException e) {
                // One of the oldest, removed since: newer ones cover what it covered.
            }
        }
        return texts;
    }
}
