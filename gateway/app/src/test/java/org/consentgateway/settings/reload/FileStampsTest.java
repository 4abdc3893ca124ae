package org.consentgateway.settings.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files hold that the configuration only names. */
class FileStampsTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));

    private static final List<String> ALL =
            List.of("asked", "shown", "assistant", "bearer", "told", "roots", "signs", "sms");

    @TempDir Path folder;
    private GatewayConfig config;

    @BeforeEach
    void read() throws Exception {
        for (String file : ALL) {
            Files.writeString(file(file), "first of " + file + "\n");
        }
        String yaml = Files.readString(PROJECT.resolve("config/gateway.yaml"));
        yaml =
                with(
                        yaml,
                        "trunks:\n",
                        """
                        trunks:
                          - name: carrier
                            sources: [192.0.2.1]
                            authentication: {user: pbx, password-file: %s}
                            registration: {domain: sip.example.com, user: us, password-file: %s}
                        """
                                .formatted(file("asked"), file("shown")));
        yaml =
                with(
                        yaml,
                        "assistants:\n",
                        """
                        assistants:
                          - name: by-sip
                            uri: sip:bot@192.0.2.2
                            authentication: {user: gateway, password-file: %s}
                          - name: model
                            url: wss://192.0.2.3/v1/realtime?model=m
                            dialect: openai-realtime
                            socket: {bearer-file: %s, instructions: %s}
                        """
                                .formatted(file("assistant"), file("bearer"), file("told")));
        yaml =
                with(
                        yaml,
                        "  endpoints:.*\n",
                        """
                          endpoints:
                            - {name: desk, enabled: false, url: "https://192.0.2.4/", secret-file: %s, roots: [%s]}
                        """
                                .formatted(file("signs"), file("roots")));
        yaml = yaml.replaceFirst("(\\n  token-file:)( # … or)", "$1 " + file("sms") + "$2");
        config = GatewayConfig.load(Files.writeString(folder.resolve("c.yaml"), yaml), PROJECT);
    }

    private static String with(String yaml, String before, String after) {
        assertThat(yaml.split("(?m)^" + before, -1)).hasSize(2);
        return yaml.replaceFirst("(?m)^" + before, after);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private void change(String file) throws IOException {
        Files.writeString(file(file), "second of " + file + "\n");
    }

    @Test
    void eachFileThatCountsAtOnceIsNamedWhenItHoldsSomethingElse() throws Exception {
        FileStamps before = FileStamps.of(config);
        assertThat(FileStamps.of(config).changedSince(before)).isEmpty();

        change("told");
        assertThat(FileStamps.of(config).changedSince(before))
                .containsExactly("assistants model: socket.instructions (other content)");
        for (String file : List.of("asked", "shown", "assistant", "bearer")) {
            change(file);
        }
        List<String> changed = FileStamps.of(config).changedSince(before);
        assertThat(changed)
                .containsExactlyInAnyOrder(
                        "trunks carrier: authentication.password-file (other content)",
                        "trunks carrier: registration.password-file (other content)",
                        "assistants by-sip: authentication.password-file (other content)",
                        "assistants model: socket.bearer-file (other content)",
                        "assistants model: socket.instructions (other content)");
        assertThat(FileStamps.of(config).atRestartSince(before)).isEmpty();
    }

    /** Who reads it again at each reload is told of it as long as it has not counted. */
    @Test
    void whatIsReadOnceIsNamedAsSuchAndWhatIsReadAtEachUseIsNot() throws Exception {
        FileStamps before = FileStamps.of(config);
        assertThat(FileStamps.of(config).atRestartSince(before)).isEmpty();

        for (String file : List.of("roots", "sms", "signs")) {
            change(file);
        }
        assertThat(FileStamps.of(config).atRestartSince(before))
                .containsExactlyInAnyOrder(
                        "webhooks.endpoints desk: roots (other content)",
                        "messages.token-file (other content)");
        assertThat(FileStamps.of(config).changedSince(before)).isEmpty();
    }

    /** As where a tool writes it anew in its place. */
    @Test
    void aSecretThatHasJustGoneFromItsFileIsNotTheEmptyOne() throws Exception {
        var settings = new PartSettings(config);
        assertThat(settings.sip(_ -> false).accounts()).hasSize(1);

        Files.writeString(file("shown"), "");
        assertThatThrownBy(() -> settings.sip(_ -> false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file("shown") + " has to be a secret");
        change("shown");
        Files.delete(file("asked"));
        assertThatThrownBy(() -> settings.sip(_ -> false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file("asked") + " has to be a secret");
        Files.writeString(file("assistant"), "\n");
        assertThatThrownBy(settings::assistants)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file("assistant") + " has to be a secret");
        Files.writeString(file("told"), "\n");
        assertThatThrownBy(settings::sockets)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file("told") + " is empty");
    }
}
