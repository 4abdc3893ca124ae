package org.consentgateway.settings.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.consentgateway.config.Secret;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.settings.GatewayConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file whose variable nobody has filled in holds no secret, wherever it is named. */
class SecretFilesTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));

    private static final Pattern KEY =
            Pattern.compile(
                    "(?m)^ +(?:client-secret|token|secret|password|bearer|auth-token)-file:(?= #)");

    @TempDir private Path folder;

    private Path unfilled() throws Exception {
        return Files.writeString(folder.resolve("secret"), "${SIP_PW}\n");
    }

    /** With all in use that may have a secret. */
    private static String shipped() throws Exception {
        return Files.readString(PROJECT.resolve("config/gateway.yaml"))
                .replaceFirst("enabled: false # nothing is sent", "enabled: true # nothing is sent")
                .replaceFirst(
                        "issuer: (?=#[^\\n]*tells the rest)", "issuer: https://login.example.com ")
                .replaceFirst("url: # an SMS", "url: https://sms.example.com/ # an SMS")
                .replaceFirst("url: # instead", "url: wss://bot.example.com/media # instead")
                .replaceFirst("domain: # the", "domain: sip.example.com # the")
                .replace(" user: #", " user: somebody #")
                .replaceFirst("host: # such as mail", "host: mail.example.com # such as mail");
    }

    @Test
    void isRefusedWithWhatToDoByEachKey() throws Exception {
        String secret = unfilled().toString();
        String shipped = shipped();
        List<MatchResult> keys = KEY.matcher(shipped).results().toList();
        assertThat(keys).hasSize(11);
        for (MatchResult key : keys) {
            String changed =
                    shipped.substring(0, key.end())
                            + " '"
                            + secret
                            + "'"
                            + shipped.substring(key.end());
            Path file = Files.writeString(folder.resolve("gateway.yaml"), changed);
            assertThatThrownBy(() -> GatewayConfig.load(file, PROJECT))
                    .as("%s at %d", key.group(), key.start())
                    .isInstanceOf(WrongConfiguration.class)
                    .hasMessageContaining(
                            key.group().strip().replace(":", "") + " holds ${…} or another")
                    .hasMessageContaining(Secret.NOTHING_FILLED_IN)
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("SIP_PW"));
        }
    }

    @Test
    void isNoSecretWhereItIsReadAnewEither() throws Exception {
        Optional<Path> file = Optional.of(unfilled());
        assertThat(GivenSecret.firstLine(file.get())).isEmpty();
        assertThatThrownBy(() -> GivenSecret.of(Optional.empty(), file))
                .isInstanceOf(UncheckedIOException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("SIP_PW"));
    }
}
