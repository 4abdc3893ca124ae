package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaTest {
    @Test
    void theNewestMigrationIsTheOneThatLetsAStartSkipThem() throws Exception {
        Path migrations = Path.of("src/main/resources/db/migration");
        try (Stream<Path> files = Files.list(migrations)) {
            assertThat(
                            files.map(file -> file.getFileName().toString())
                                    .mapToInt(name ->
                                            Integer.parseInt(name.substring(1, name.indexOf("__"))))
                                    .max())
                    .hasValue(Integer.parseInt(Schema.NEWEST));
        }
    }

    @Test
    void theVerifierInOneFileKnowsTheSameTables() throws Exception {
        assertThat(Path.of("../../scripts/consent_ledger_verify.py"))
                .content()
                .contains("\nTABLES_KNOWN = " + Tables.NEWEST + "\n");
    }
}
