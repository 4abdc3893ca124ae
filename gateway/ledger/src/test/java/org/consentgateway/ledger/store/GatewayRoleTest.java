package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.migration.IndexBuilds;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL as config/postgresql has it: gateways write, and the owner alone makes tables. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class GatewayRoleTest {
    private static final Path ROLES = Path.of("../../config/postgresql/roles.sql");

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private EmbeddedPostgres server;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private LedgerSettings as(String role) {
        return new LedgerSettings(
                server.getJdbcUrl(role, "postgres"),
                directory.resolve("keys"),
                "node-1",
                "example.com/log",
                new LedgerSettings.Checkpoints(
                        10,
                        Duration.ofMinutes(1),
                        directory.resolve("checkpoints"),
                        TrustPolicy.NONE),
                LedgerSettings.Limits.USUAL);
    }

    /** Statement by statement, as psql sends a file: together they would be one transaction. */
    private void run(String file) throws SQLException {
        List<String> statements = new ArrayList<>();
        StringBuilder next = new StringBuilder();
        for (String line : file.lines().filter(line -> !line.startsWith("--")).toList()) {
            next.append(line).append('\n');
            boolean open = next.toString().split("\\$\\$", -1).length % 2 == 0;
            if (line.endsWith(";") && !open) {
                statements.add(next.toString());
                next.setLength(0);
            }
        }
        assertThat(next.toString()).isBlank();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private boolean gatewayMayWrite() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection()) {
            return Rows.first(
                            connection,
                            "SELECT has_table_privilege('consent_gateway', 'ledger_entry',"
                                    + " 'INSERT')",
                            row -> row.getBoolean(1))
                    .orElseThrow();
        }
    }

    @Test
    void aNewVersionSaysThatTheOwnerHasToMakeItsTablesAndGoesOnOnceThatWasDone() throws Exception {
        LedgerSettings owner = as("postgres");
        Schema.migrate(owner, Vendor.POSTGRESQL.open(owner, false), "20", IndexBuilds.USUAL);
        run(Files.readString(ROLES));
        LedgerSettings gateway = as("consent_gateway");
        assertThatThrownBy(() -> Schema.migrate(gateway, Vendor.POSTGRESQL.open(gateway, false)))
                .hasMessageContaining("must be owner")
                .hasMessageContaining("ledger migrate")
                .hasMessageContaining("roles.sql")
                .hasMessageNotContaining("again");
        assertThatThrownBy(() -> Schema.migrate(gateway))
                .as("by a command, behind which nobody tries it again")
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("run it again");

        assertThat(Schema.migrate(owner)).isEqualTo(Schema.NEWEST);
        run(Files.readString(ROLES));
        try (Ledger ledger = Ledger.open(gateway, InstantSource.system())) {
            ObjectNode refused = JsonNodeFactory.instance.objectNode();
            assertThat(
                            ledger.append(
                                            NewEntry.of(
                                                    EntryType.REFUSED,
                                                    "call-1",
                                                    null,
                                                    refused,
                                                    Instant.now()))
                                    .toCompletableFuture()
                                    .get(20, TimeUnit.SECONDS))
                    .isNotNull();
        }
        assertThat(Schema.migrate(owner)).as("again").isEqualTo(Schema.NEWEST);
    }

    @Test
    void whoRunsNotesNothingOfTheRolesBeingGivenAnewAlsoWhereThatFails() throws Exception {
        Schema.migrate(as("postgres"));
        String roles = Files.readString(ROLES);
        run(roles);
        assertThat(gatewayMayWrite()).isTrue();
        assertThatThrownBy(() -> run(roles.replace("ledger_successor", "ledger_missing")))
                .hasMessageContaining("ledger_missing");
        assertThat(gatewayMayWrite()).isTrue();
    }
}
