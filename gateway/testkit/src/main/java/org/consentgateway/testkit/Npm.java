package org.consentgateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Thread-safe. Programs of others from npm, as {@code npm/package-lock.json} has them; installed
 * under {@code target} where they are not, or are others than locked.
 */
public final class Npm {
    /** The registry is far away, and what it did not answer it may answer a moment later. */
    private static final int DOWNLOADS = 3;

    private final Path folder;
    private final Path programs;

    private Npm(Path folder, Path programs) {
        this.folder = folder;
        this.programs = programs;
    }

    /** A command that one of them brings. */
    public Path command(String name) {
        return folder.resolve("node_modules/.bin").resolve(name);
    }

    /** Where programs of ours lie that are made of those of others. */
    Path programs() {
        return programs;
    }

    /**
     * @param project its root
     */
    public static Npm installed(Path project) {
        return installed(project, "npm");
    }

    /**
     * @param project its root
     * @param set folder of the testkit with their lock file: some are wanted by few tests
     */
    public static synchronized Npm installed(Path project, String set) {
        Path locked = project.resolve("gateway/testkit").resolve(set);
        Path folder = project.resolve("gateway/testkit/target").resolve(set);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (FileChannel channel =
                        FileChannel.open(
                                folder.resolve(".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!isCurrent(folder, locked)) {
                install(folder, locked);
            }
            return new Npm(folder, locked);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path copyOfLock(Path folder) {
        return folder.resolve("node_modules/.installed-lock.json");
    }

    private static boolean isCurrent(Path folder, Path locked) throws IOException {
        Path copy = copyOfLock(folder);
        return Files.exists(copy)
                && Files.mismatch(copy, locked.resolve("package-lock.json")) == -1;
    }

    private static void install(Path folder, Path locked) throws IOException {
        for (String file : List.of("package.json", "package-lock.json")) {
            Files.copy(
                    locked.resolve(file),
                    folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Result result = download(folder);
        for (int again = 1; result.exitCode() != 0 && again < DOWNLOADS; again++) {
            result = download(folder);
        }
        if (result.exitCode() != 0) {
            throw new IOException("npm ci failed: " + result.output());
        }
        Files.copy(
                folder.resolve("package-lock.json"),
                copyOfLock(folder),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static Result download(Path folder) throws IOException {
        return run(
                folder,
                "npm",
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--fetch-retries=5");
    }

    /**
     * Has a module of ours see those of others.
     *
     * @param scratch a folder that is empty
     * @return the copy that can be run
     */
    public Path beside(Path scratch, Path module) throws IOException {
        Path modules = scratch.resolve("node_modules");
        if (!Files.exists(modules)) {
            Files.createSymbolicLink(modules, folder.resolve("node_modules"));
        }
        return Files.copy(
                module, scratch.resolve(module.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }

    /** How a program ended, and all that it said. */
    public record Result(int exitCode, String output) {}

    /** Runs a program to its end. */
    public static Result run(Path folder, String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        try {
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
