package org.consentgateway.testkit.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file system of its own, in memory, that is filled without harm to others. Linux, as root. */
public final class SmallDisk implements AutoCloseable {
    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * @param folder there is; what it has is hidden until this is closed
     * @return empty where this process may not mount one
     */
    public static Optional<SmallDisk> at(Path folder, int megabytes) throws IOException {
        String options = "size=" + megabytes + "m,mode=0700";
        return runs("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString())
                ? Optional.of(new SmallDisk(folder))
                : Optional.empty();
    }

    /**
     * Leaves no room on it.
     *
     * @return what has to be deleted for there to be some again
     * @throws IOException where anything else than a full disk kept it from that
     */
    public Path fill() throws IOException {
        Path filler = folder.resolve("filler");
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("space")) {
                throw full;
            }
        }
        return filler;
    }

    /**
     * @param how ro or rw
     * @return whether it is so now
     */
    public boolean remount(String how) throws IOException {
        return runs("mount", "-o", "remount," + how, folder.toString());
    }

    @Override
    public void close() throws IOException {
        runs("umount", folder.toString());
    }

    private static boolean runs(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
