package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an erasure takes along of ties of a customer who was tied to other callers before. */
@Timeout(60)
class OlderTiesTest {
    private static final PseudonymousSubject ANNA = new PseudonymousSubject(List.of("anna"));

    @TempDir private Path directory;

    private Instant now = Records.START;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void thoseOfTheSameReferenceGoOfAllNodesAndKeys(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        List<UUID> going = new ArrayList<>();
        List<UUID> staying = new ArrayList<>();
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            going.add(tie(ledger, "crm-1", "berta"));
        }
        String _ = KeyRotation.rotate(settings, now);
        try (Ledger one = Ledger.open(settings, () -> now);
                Ledger two = Ledger.open(settings.withNode("node-2"), () -> now)) {
            going.add(tie(two, "crm-1", "anna"));
            going.add(tie(two, "crm-1", "carla"));
            staying.add(tie(two, "crm-2", "berta"));
            going.add(tie(one, "crm-1", "anna"));
            staying.add(tie(two, "crm-1", "dora"));

            assertThat(one.erase(erased(), ANNA, Set.of()).entries()).isEqualTo(4);

            assertThat(gone(one, going)).containsExactlyInAnyOrderElementsOf(going);
            assertThat(gone(one, staying)).isEmpty();
            assertThat(one.alarm().found()).isZero();
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    /** By a node whose clock is late: it stands behind what was approved, and counts. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatWasWrittenSinceTheApprovalStays(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        Instant late = now.minusSeconds(60);
        try (Ledger one = Ledger.open(settings, () -> now);
                Ledger two = Ledger.open(settings.withNode("node-2"), () -> late)) {
            UUID theirs = tie(one, "crm-1", "anna");
            Map<String, Long> approved = one.reader().sizes();
            NewEntry since = tied(two, "crm-1", "berta", late);
            Records.append(two, since);

            int _ = one.erase(erased(), ANNA, Set.of(), approved).entries();

            assertThat(gone(one, List.of(theirs, since.id()))).containsExactly(theirs);
        }
    }

    /** Whoever has the database could have the gateway erase a withdrawal itself. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void noLookUpRowHasAnythingElseErased(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            UUID other = tie(ledger, "crm-2", "berta");
            NewEntry given = Records.given("call-1", "carla");
            Records.append(ledger, given);
            now = now.plusSeconds(1);
            UUID theirs = tie(ledger, "crm-1", "anna");
            try (Connection connection =
                    Vendor.of(settings).open(settings, false).getConnection()) {
                assertThat(
                                Rows.change(
                                        connection,
                                        "UPDATE ledger_lookup SET type = 'SubjectReferenced',"
                                                + " refers = ?",
                                        hash(ledger, "crm-1")))
                        .isEqualTo(3);
            }

            assertThat(ledger.erase(erased(), ANNA, Set.of()).entries()).isEqualTo(1);

            assertThat(gone(ledger, List.of(other, given.id(), theirs))).containsExactly(theirs);
        }
    }

    /** Of a number with more entries than go in one commit. */
    @Test
    void whereItIsCutShortNoOlderTieIsLeftAlone() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        var salts = new AtomicInteger();
        var afterTheFirstCommit = new AtomicReference<Runnable>();
        var left = new AtomicReference<List<UUID>>();
        try (Ledger ledger =
                Ledger.open(
                        settings,
                        Vendor.of(settings).open(settings, false),
                        () -> now,
                        () -> {
                            Runnable look = afterTheFirstCommit.get();
                            if (look != null
                                    && salts.incrementAndGet() == Erasing.MAX_AT_ONCE + 3) {
                                look.run();
                            }
                            return Ledger.salt();
                        })) {
            UUID older = tie(ledger, "crm-1", "berta");
            UUID newer = tie(ledger, "crm-1", "anna");
            List<NewEntry> some = new ArrayList<>();
            for (int i = 0; i < Erasing.MAX_AT_ONCE + 200; i++) {
                some.add(Records.given("call-" + i, "anna"));
                if (some.size() == 200) {
                    Records.append(ledger, some);
                    some.clear();
                }
            }
            afterTheFirstCommit.set(() -> left.set(goneQuietly(ledger, List.of(older, newer))));

            int _ = ledger.erase(erased(), ANNA, Set.of()).entries();

            assertThat(left.get()).as("gone with the first commit").contains(older);
            assertThat(gone(ledger, List.of(older, newer))).hasSize(2);
        }
    }

    private UUID tie(Ledger ledger, String reference, String pseudonym) throws Exception {
        now = now.plusSeconds(1);
        NewEntry tie = tied(ledger, reference, pseudonym, now);
        Records.append(ledger, tie);
        return tie.id();
    }

    private static NewEntry tied(Ledger ledger, String reference, String pseudonym, Instant at) {
        ObjectNode payload = Records.JSON.createObjectNode();
        payload.putObject("reference").put("text", reference).putArray("pseudonyms").add(pseudonym);
        payload.put("refers_to", hash(ledger, reference));
        return NewEntry.of(EntryType.SUBJECT_REFERENCED, null, pseudonym, payload, at);
    }

    private static String hash(Ledger ledger, String reference) {
        return ledger.pseudonyms().reference(reference).getFirst().toString();
    }

    private static List<UUID> gone(Ledger ledger, List<UUID> ids) throws LedgerUnavailable {
        Set<UUID> erased = ledger.reader().erased(ids);
        return ids.stream().filter(erased::contains).toList();
    }

    private static List<UUID> goneQuietly(Ledger ledger, List<UUID> ids) {
        try {
            return gone(ledger, ids);
        } catch (LedgerUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    private NewEntry erased() {
        return NewEntry.of(EntryType.ERASED, null, null, Records.JSON.createObjectNode(), now);
    }
}
