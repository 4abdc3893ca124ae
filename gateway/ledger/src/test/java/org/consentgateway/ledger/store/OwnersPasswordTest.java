package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

/** The step of the tables' owner as config/operation/upgrade.md has it. */
class OwnersPasswordTest {
    private static final Path UPGRADE = Path.of("../../config/operation/upgrade.md");

    /** What PGPASSFILE is to a process. */
    private static final String PASSWORDS = "org.postgresql.pgpassfile";

    @TempDir private Path directory;

    /** With several hosts the driver looks for the text of all of them, and of their ports. */
    @Test
    void isFoundByTheLineThatThePageShows() throws Exception {
        String page = Files.readString(UPGRADE);
        String url = part(page, "ledger migrate --url '(\\S+)'");
        Path file = directory.resolve("owner.pgpass");
        Files.writeString(file, part(page, "# (\\S+:PASSWORD),") + "\n");
        System.setProperty(PASSWORDS, file.toString());
        try {
            assertThat(url).contains("HOST-A,HOST-B");
            assertThat(Driver.parseURL(url, new Properties()))
                    .containsEntry("password", "PASSWORD");
        } finally {
            System.clearProperty(PASSWORDS);
        }
    }

    private static String part(String page, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(page);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }
}
