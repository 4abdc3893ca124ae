package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * The wall clock of a gateway's process, set while it runs ({@link ClockAgent}). Confined to the
 * main thread.
 */
final class FakedClock {
    private final Path agent;
    private final Path file;

    FakedClock(Path folder) throws IOException {
        this.agent = jar(folder.resolve("clock-agent.jar"));
        this.file = folder.resolve("clock");
        set(Duration.ZERO);
    }

    private static Path jar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Premain-Class", ClockAgent.class.getName());
        main.putValue("Can-Retransform-Classes", "true");
        String name = ClockAgent.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream octets =
                        Objects.requireNonNull(
                                ClockAgent.class.getClassLoader().getResourceAsStream(name))) {
            out.putNextEntry(new JarEntry(name));
            octets.transferTo(out);
            out.closeEntry();
        }
        return jar;
    }

    /** What the process is started with. */
    Map<String, String> environment() {
        return Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + agent + "=" + file);
    }

    /** From the true time on, to the second. */
    void set(Duration ahead) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling("clock.new"), "" + ahead.toSeconds());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
