package org.consentgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.testkit.fuzz.Door;
import org.consentgateway.testkit.fuzz.InputFile;

/** A configuration: it counts, or each mistake is told with its place. */
final class YamlDoor implements Door {
    private static final Path HOME = Path.of(System.getProperty("project.root"));

    private final InputFile inputs = new InputFile(".yaml");

    YamlDoor() throws IOException {}

    /** The profiles of trunks and the shipped example, each of its sections alone. */
    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> trunks = Files.list(HOME.resolve("config/trunks"))) {
            for (Path each : trunks.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                seeds.add(Files.readAllBytes(each));
            }
            String example = Files.readString(HOME.resolve("config/gateway.yaml"));
            for (String section : example.split("\n(?=[a-z])", -1)) {
                seeds.add(section.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                "&a ",
                "*a",
                "!!",
                "---\n",
                "? ",
                "- ",
                "[",
                "]",
                "{",
                "}",
                ": ",
                "|\n",
                ">\n",
                "'",
                "\"",
                "#",
                "\t",
                "\ufeff",
                "${HOME}",
                "null",
                "~",
                "off",
                "0x1F",
                "1e999",
                "-1",
                "99999999999999999999",
                "P12M",
                "15s",
                "../../",
                "sip:",
                "udp:",
                "<<: ");
    }

    @Override
    public int longest() {
        return 8192;
    }

    @Override
    public void takes(byte[] input) throws IOException {
        Path file = inputs.with(input);
        try {
            assertThat(GatewayConfig.load(file, HOME)).isNotNull();
        } catch (WrongConfiguration told) {
            assertThat(told.problems()).isNotEmpty();
            assertThat(told.getMessage()).contains(file.toString());
        }
    }

    @Override
    public void close() {
        inputs.close();
    }
}
