package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Notices;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change of terms is material whatever the files say, and from the first call on. */
class NoticeArchivingTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-11-27T09:00:00Z"));
    private static final ArchivedNotice FIRST = of("2026-11", "Muster GmbH");
    private static final ArchivedNotice SAME = of("2026-12", "Muster GmbH");
    private static final ArchivedNotice CHANGED = of("2026-12", "Andere AG");

    @TempDir private Path directory;

    private Ledger ledger;
    private NoticeArchiving archiving;

    /** Files that say of no version that it changes anything. */
    private static final class NothingChanged implements Notices {
        @Override
        public List<Notice> inForce(String lineage, String language, LocalDate day) {
            return List.of();
        }

        @Override
        public boolean materiallyChanged(String lineage, String since, String until) {
            return false;
        }
    }

    private static ArchivedNotice of(String version, String controller) {
        ArchivedNotice spoken = TestLedger.spoken(version);
        return new ArchivedNotice(
                spoken.key(),
                spoken.words(),
                spoken.sounds(),
                JsonNodeFactory.instance.objectNode().put("controller", controller));
    }

    @BeforeEach
    void open() throws Exception {
        ledger = Ledger.open(TestLedger.in(directory), CLOCK);
        archiving = archiving();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private NoticeArchiving archiving() {
        return new NoticeArchiving(ledger, CLOCK, _ -> Optional.empty());
    }

    private boolean changed() {
        return archiving
                .notices(new NothingChanged())
                .materiallyChanged("demo", "2026-11", "2026-12");
    }

    @Test
    void anotherControllerIsMaterial() throws Exception {
        archiving.keep(List.of(FIRST, CHANGED));

        assertThat(changed()).isTrue();
    }

    @Test
    void otherwiseTheFilesSayWhatIs() throws Exception {
        archiving.keep(List.of(FIRST, SAME));

        assertThat(changed()).isFalse();
    }

    /**
     * Found in the product before: for five seconds after midnight a known caller was not asked.
     */
    @Test
    void whatWasNotComparedYetMayHaveChanged() throws Exception {
        archiving.keep(List.of(FIRST));
        assertThat(changed()).as("the newer one is not archived").isTrue();

        archiving.keep(List.of(SAME));
        assertThat(changed()).isFalse();
    }

    @Test
    void whatOthersHaveArchivedSinceIsCompared() throws Exception {
        archiving.keep(List.of(SAME));
        archiving().keep(List.of(FIRST));
        assertThat(changed()).as("consents that were imported beside the gateway").isFalse();
    }

    /** Behind a start without the store nothing is known yet. */
    @Test
    void whereNobodyCanTellItMayHaveChanged() throws Exception {
        archiving.keep(List.of(FIRST, SAME));
        archiving = archiving();
        assertThat(changed()).isFalse();

        archiving = archiving();
        ledger.close();
        assertThat(changed()).isTrue();
    }
}
