package org.consentgateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Matcher;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database's password is told to nobody, however its address is written. */
class DatabaseUrlTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));

    private static final String PASSWORD = "hunter2";

    @TempDir private Path folder;

    private Path with(String url) throws Exception {
        String shipped = Files.readString(PROJECT.resolve("config/gateway.yaml"));
        String changed = shipped.replace("url: jdbc:sqlite:data/ledger.db", "url: '" + url + "'");
        assertThat(changed).isNotEqualTo(shipped);
        return Files.writeString(folder.resolve("gateway.yaml"), changed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://bob:hunter2@127.0.0.1:1/db",
                "jdbc:postgresql://127.0.0.1:1/db;password=hunter2",
                "jdbc:postgresql://127.0.0.1:99999/db?user=u&password=hunter2",
                "jdbc:postgresql://127.0.0.1:/db?user=u&password=hunter2",
                "jdbc:postgresql://hunter2@127.0.0.1/db",
                "jdbc:postgresql:hunter2@db",
                "jdbc:mysql://bob:hunter2@127.0.0.1/db",
                "jdbc:oracle:thin:scott/hunter2@127.0.0.1:1521/db",
                "postgresql://bob:hunter2@127.0.0.1/db",
                "hunter2",
                "jdbc:postgresql://127.0.0.1/db?password=hunter2${X}",
                "jdbc:postgresql://127.0.0.1/db?user=hunter2&password=$DB_PASSWORD",
                "jdbc:postgresql://127.0.0.1/db?user=hunter2&password=%DB_PASSWORD%&ssl=true",
                "jdbc:postgresql://127.0.0.1/db?password=hunter2%zz",
                "jdbc:postgresql://127.0.0.1/db?user=u&password=hunter2%",
                "jdbc:postgresql://127.0.0.1/d%b?password=hunter2",
                "jdbc:postgresql://127.0.0.1/db?password=hunter2&port=abc",
                "jdbc:postgresql://127.0.0.1/db?password=hunter2&PGPORT=abc",
                "jdbc:postgresql://127.0.0.1/db?password=hunter2&service=nowhere",
                "jdbc:postgresql://:,/db?password=hunter2",
            })
    void aFormThatNoDriverTakesIsRefusedWithoutIt(String url) throws Exception {
        Path file = with(url);
        assertThatThrownBy(() -> GatewayConfig.load(file, PROJECT))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessageContaining("store.url")
                .satisfies(e -> assertThat(written(e)).doesNotContain(PASSWORD));
        assertThat(SettingsInForce.of(file, GatewayConfig.class, GatewayConfig.VALUES, file))
                .filteredOn(one -> one.key().equals("store.url"))
                .noneMatch(one -> url.contains("://") && one.value().contains(":" + PASSWORD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://127.0.0.1:1/db?user=u&password=hunter2",
                "jdbc:postgresql://127.0.0.1:1,127.0.0.2:1/db?password=hunter2&targetServerType=primary",
                "jdbc:postgresql://[::1]:1/db?sslpassword=hunter2",
                "jdbc:postgresql:db?password=hunter2&socketTimeout=1&connectTimeout=1",
                "jdbc:postgresql://127.0.0.1:1/?password=hunter2",
            })
    void whatADriverTakesIsShownAndFailsWithoutIt(String url) throws Exception {
        Path file = with(url);
        GatewayConfig config = GatewayConfig.load(file, PROJECT);
        assertThat(config.store().url().text()).isEqualTo(url);
        assertThat(config.toString()).doesNotContain(PASSWORD);
        assertThat(config.store().url().toString()).startsWith("jdbc:postgresql:");
        var settings = new PartSettings(config).ledger();
        assertThat(settings.toString()).doesNotContain(PASSWORD);
        assertThat(
                        SettingsInForce.of(file, GatewayConfig.class, GatewayConfig.VALUES, file)
                                .toString())
                .doesNotContain(PASSWORD);
        assertThatThrownBy(() -> Vendor.of(settings).open(settings, false).getConnection().close())
                .isInstanceOf(SQLException.class)
                .satisfies(e -> assertThat(written(e)).doesNotContain(PASSWORD));
    }

    /** No YAML has such a path, but another may come from elsewhere. */
    @Test
    void aPathThatIsNoneIsNotSaidEither() {
        assertThatThrownBy(() -> JdbcUrl.parse("jdbc:sqlite:\0" + PASSWORD, folder))
                .isInstanceOf(UnusableText.class)
                .satisfies(e -> assertThat(written(e)).doesNotContain(PASSWORD));
    }

    /** Else these letters would be the password. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "${HEP_PASSWORD}",
                "before ${HEP_PASSWORD} behind",
                "{{ .Values.HEP_PASSWORD }}",
                "$HEP_PASSWORD",
                "$(HEP_PASSWORD)",
                "%{HEP_PASSWORD}",
                "%HEP_PASSWORD%",
            })
    void aVariableInASecretIsRefusedWithWhatToDo(String variable) throws Exception {
        Path file = withHepPassword(variable);
        assertThatThrownBy(() -> GatewayConfig.load(file, PROJECT))
                .isInstanceOf(WrongConfiguration.class)
                .hasMessageContaining("password holds ${…} or another name of a variable,")
                .hasMessageContaining("-file")
                .satisfies(e -> assertThat(written(e)).doesNotContain("HEP_PASSWORD"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$2y$10$N9qo8uLO", "pa$WORD", "100%", "%a%b%", "{x}", "a{{b", "$1000"})
    void signsOfVariablesMayBeInAPassword(String password) throws Exception {
        GatewayConfig config = GatewayConfig.load(withHepPassword(password), PROJECT);
        assertThat(config.sip().hep().password()).contains(new Secret(password));
    }

    private Path withHepPassword(String password) throws Exception {
        String shipped = Files.readString(PROJECT.resolve("config/gateway.yaml"));
        String changed =
                shipped.replaceFirst(
                        "(?m)^    password: #",
                        Matcher.quoteReplacement("    password: '" + password + "' #"));
        assertThat(changed).isNotEqualTo(shipped);
        return Files.writeString(folder.resolve("gateway.yaml"), changed);
    }

    private static String written(Throwable e) {
        var all = new StringWriter();
        e.printStackTrace(new PrintWriter(all));
        return all.toString();
    }
}
