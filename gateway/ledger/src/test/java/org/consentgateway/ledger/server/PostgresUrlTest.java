package org.consentgateway.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the driver refuses it says with the whole address: nobody is told its password. */
class PostgresUrlTest {
    private static LedgerSettings settings(String url) {
        return new LedgerSettings(
                url,
                Path.of("keys"),
                "node-1",
                "example.com/log",
                new LedgerSettings.Checkpoints(
                        1, Duration.ofSeconds(1), Path.of("checkpoints"), TrustPolicy.NONE),
                LedgerSettings.Limits.USUAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://h/db?user=u&password=hunter2%zz",
                "jdbc:postgresql://h/db?user=u&password=hunter2%",
                "jdbc:postgresql://h/d%b?password=hunter2",
                "jdbc:postgresql://h/db?password=hunter2&port=abc",
                "jdbc:postgresql://h/db?password=hunter2&PGPORT=abc",
                "jdbc:postgresql://h/db?password=hunter2&port=99999",
                "jdbc:postgresql://h/db?password=hunter2&service=nowhere",
                "jdbc:postgresql://:,/db?password=hunter2",
                "jdbc:postgresql://h:hunter2/db",
            })
    void whatTheDriverRefusesIsRefusedBeforeWithoutAWordOfIt(String url) {
        assertThatThrownBy(() -> settings(url))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(written(e)).doesNotContain("hunter2"));
    }

    @Test
    void whoeverWroteAPercentSignIsToldHowToWriteIt() {
        assertThatThrownBy(() -> settings("jdbc:postgresql://h/db?password=hunter2%zz"))
                .hasMessageContaining("%25");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://h/db?user=u&password=hunter2%25zz",
                "jdbc:postgresql://a:5432,[::1]:5433/db?targetServerType=primary",
                "jdbc:postgresql:db",
                "jdbc:sqlite:data/100%.db",
            })
    void whatADriverTakesIsTaken(String url) {
        assertThat(settings(url).url()).isEqualTo(url);
    }

    private static String written(Throwable e) {
        var all = new StringWriter();
        e.printStackTrace(new PrintWriter(all));
        return all.toString();
    }
}
