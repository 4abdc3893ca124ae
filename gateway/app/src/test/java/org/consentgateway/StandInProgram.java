package org.consentgateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A program in a {@code gateway.jar}, for the scripts that start the gateway. */
final class StandInProgram {
    /** An argument: fills the heap. */
    static final String FILL = "fill";

    /** Small enough to be full at once. */
    static final String SMALL_HEAP = "-Xms16m -Xmx16m";

    private StandInProgram() {}

    /** Fills its heap, serves until it is ended, or says which version it is. */
    public static void main(String[] arguments) throws InterruptedException {
        List<String> words = Arrays.asList(arguments);
        if (words.contains(FILL)) {
            List<byte[]> all = new ArrayList<>();
            while (all.size() < 1_000_000) {
                all.add(new byte[64 * 1024]);
            }
        }
        System.out.println(StandInProgram.class.getPackage().getImplementationVersion());
        if (words.contains("serve")) {
            Thread.sleep(60_000);
        }
    }

    static void jar(Path to, String version) throws IOException {
        var manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, StandInProgram.class.getName());
        main.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        String name = StandInProgram.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        Path made = to.resolveSibling("made.jar");
        try (OutputStream file = Files.newOutputStream(made);
                JarOutputStream jar = new JarOutputStream(file, manifest);
                InputStream code =
                        Objects.requireNonNull(
                                StandInProgram.class.getResourceAsStream("/" + name))) {
            jar.putNextEntry(new JarEntry(name));
            code.transferTo(jar);
        }
        Files.move(made, to, StandardCopyOption.REPLACE_EXISTING);
    }

    /** How a command ended, and what it said on both of its outputs. */
    record Ended(int code, String said) {}

    static Process start(Path in, Map<String, String> environment, String... command)
            throws IOException {
        ProcessBuilder process =
                new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
        process.redirectInput(Path.of("/dev/null").toFile());
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().putAll(all);
        return process.start();
    }

    static Ended run(Path in, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Process process = start(in, environment, command);
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(10, TimeUnit.SECONDS);
            return new Ended(process.exitValue(), said);
        } finally {
            process.destroyForcibly();
        }
    }
}
