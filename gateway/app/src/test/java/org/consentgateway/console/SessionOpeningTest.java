package org.consentgateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.PasswordHash;
import org.consentgateway.console.account.TotpSecret;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing out here and elsewhere, with the store and without it. */
class SessionOpeningTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir private Path directory;

    @Test
    void whoSignsOutElsewhereIsOutThereAlsoWhereItCannotBeRecorded() throws Exception {
        var accounts = new AccountFile(directory.resolve("accounts.json"));
        var ada =
                new ConsoleAccount(
                        "ada",
                        "Ada Meier",
                        ConsoleRole.VIEWER,
                        PasswordHash.NOBODYS,
                        TotpSecret.mint(RANDOM));
        accounts.add(ada);
        Duration hour = Duration.ofHours(1);
        var sessions = new Sessions(accounts, new SessionTokens(), CLOCK, hour, hour);
        Ledger ledger = Ledger.open(TestLedger.in(directory), CLOCK);
        var opening =
                new SessionOpening(
                        sessions,
                        new Entrance(Optional.empty()),
                        new AccessRecords(ledger, CLOCK, Duration.ofSeconds(5)));
        Session here = sessions.begin(Identification.by(ada)).session();
        try (ledger) {
            Session there = sessions.begin(Identification.by(ada)).session();

            assertThat(opening.closeOthers(here)).isTrue();
            assertThat(there.ended()).isTrue();
            assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10))
                    .singleElement()
                    .satisfies(entry ->
                            assertThat(String.valueOf(entry.payload()))
                                    .contains("console sign-out elsewhere", "Ada Meier"));
        }

        Session again = sessions.begin(Identification.by(ada)).session();
        assertThat(opening.closeOthers(here)).as("recorded").isFalse();
        assertThat(again.ended()).isTrue();
        assertThat(here.ended()).isFalse();
    }
}
