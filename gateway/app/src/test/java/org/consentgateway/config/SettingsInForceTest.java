package org.consentgateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.consentgateway.config.SettingsInForce.One;
import org.consentgateway.settings.GatewayConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are shown of a configuration: where each thing stands, and no password. */
class SettingsInForceTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root"), "config", "gateway.yaml");

    @TempDir private Path folder;

    private List<One> of(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), yaml);
        return SettingsInForce.of(file, GatewayConfig.class, GatewayConfig.VALUES, SHIPPED);
    }

    private static One named(String key, List<One> all) {
        return all.stream().filter(each -> each.key().equals(key)).findFirst().orElseThrow();
    }

    @Test
    void eachKeyTellsWhereItStandsAndWhatItMeans() throws Exception {
        List<One> all =
                of(
                        """
                        console:
                          idle: 20m
                        lines:
                          - name: one
                            numbers: [demo, "+493012"]
                        """);

        assertThat(named("console.idle", all).value()).isEqualTo("20m");
        assertThat(named("console.idle", all).line()).isEqualTo(2);
        assertThat(named("console.idle", all).meaning()).contains("signed out");
        assertThat(named("console.longest", all).value()).isEqualTo("8h");
        assertThat(named("console.longest", all).line()).isZero();
        assertThat(named("lines[0].numbers", all).value()).isEqualTo("[demo, +493012]");
        assertThat(named("lines[0].numbers", all).line()).isEqualTo(5);
        assertThat(named("lines[0].numbers", all).meaning()).isNotEmpty();
    }

    @Test
    void noPasswordIsShownWhereverItStands() throws Exception {
        List<One> all =
                of(
                        """
                        store: {url: "jdbc:postgresql://u:hidden-1@db/ledger?user=u&password=hidden-2"}
                        messages: {url: "https://u:hidden-3@sms.example/send?key=hidden-4", token: hidden-5}
                        trunks:
                          - name: provider
                            register: {user: u, password: hidden-6}
                        webhooks:
                          endpoints:
                            - {name: crm, url: "https://crm.example/hook?token=hidden-7"}
                        """);

        assertThat(all.toString()).doesNotContain("hidden-");
        assertThat(named("store.url", all).value())
                .startsWith("jdbc:postgresql://(secret)@db/ledger?(secret)");
        assertThat(named("messages.token", all).value()).isEqualTo("(secret)");
    }

    /** None of these ends it for a driver or a receiver. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a,hidden-2", "a]hidden-2", "a\\\"hidden-2", "a;hidden-2", "a?hidden-2"})
    void aPasswordIsHiddenWhateverStandsInIt(String password) throws Exception {
        List<One> all =
                of(
                        """
                        store: {url: "jdbc:postgresql://db/ledger?user=hidden-1&password=%1$s hidden-3"}
                        messages: {url: "https://sms.example/send?key=%1$s"}
                        lines:
                          - name: one
                            numbers: ["sip:a@b?c=%1$s", demo]
                        """
                                .formatted(password));

        assertThat(all.toString()).doesNotContain("hidden-");
        assertThat(named("store.url", all).value())
                .isEqualTo("jdbc:postgresql://db/ledger?(secret)");
        assertThat(named("lines[0].numbers", all).value())
                .as("only what is secret")
                .isEqualTo("[sip:a@b?(secret), demo]");
    }

    /** Every key that is shipped has a meaning, and none that is a secret has a value. */
    @Test
    void theShippedOneIsWhole() throws Exception {
        List<One> all =
                SettingsInForce.of(SHIPPED, GatewayConfig.class, GatewayConfig.VALUES, SHIPPED);

        assertThat(all).hasSizeGreaterThan(150);
        assertThat(all).filteredOn(each -> each.meaning().isEmpty()).isEmpty();
    }
}
