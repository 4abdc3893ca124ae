package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.number.Decisive;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.watch.CheckedHistory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A switchboard, a call centre, somebody who forges a number: of one with more entries than a call
 * can wait for, what decides is found all the same, or it is said that there may be more.
 */
class CrowdedNumberTest {
    private static final PseudonymousSubject ANNA = new PseudonymousSubject(List.of("anna"));
    private static final int AT_ONCE = 200;

    /** Every number is read as a crowded one is. */
    private static final Decisive.Most CROWDED = new Decisive.Most(0, 3, 1_000, 5);

    @TempDir private Path directory;

    private Instant now = Records.START;

    private Ledger open(LedgerSettings settings) throws Exception {
        return Ledger.open(settings, () -> now);
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aConsentIsFoundUnderMoreTalksThanAreRead(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);
            append(
                    ledger,
                    Decisive.Most.USUAL.whole() + 1,
                    i -> about(given, EntryType.ASSISTANT_OPENED, "call-" + i));
            now = now.plus(Duration.ofDays(1)); // they are over

            assertThat(reliable(ledger.histories())).containsExactly(given.id());
            CheckedHistory.Found all = ledger.histories().ofAll(ANNA);
            assertThat(ids(all.all())).contains(given.id());
            assertThat(all.complete()).isTrue();

            NewEntry end = about(given, EntryType.WITHDRAWN, "call-x");
            Records.append(ledger, end);
            append(ledger, 10, i -> about(given, EntryType.ASSISTANT_CUT, "call-" + i));
            assertThat(reliable(ledger.histories())).containsExactly(end.id(), given.id());
            assertThat(ids(ledger.histories().ofAll(ANNA).all())).doesNotContain(given.id());
            assertThat(ledger.alarm().found()).isZero();
        }
    }

    /** In the middle of a talk, a no, and a withdrawal of what it does not name. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatWasSaidAboutItIsFoundWithIt(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry given = Records.given("call-1", "anna");
            NewEntry ofOneCall = forOneCall("call-2");
            NewEntry no = about(given, EntryType.REFUSED, "call-3");
            NewEntry part = about(given, EntryType.PURPOSE_DECIDED, "call-4");
            NewEntry end = about(ofOneCall, EntryType.WITHDRAWN, "call-2");
            NewEntry asInOldVersions =
                    NewEntry.of(
                            EntryType.REFUSED,
                            "call-5",
                            "anna",
                            Records.base("hotline", "booking"),
                            now);
            Records.append(ledger, List.of(given, ofOneCall, part, end, asInOldVersions));

            assertThat(reliable(crowded(ledger)))
                    .as("with what was withdrawn instead of it")
                    .containsExactlyInAnyOrder(
                            given.id(), ofOneCall.id(), part.id(), end.id(), asInOldVersions.id());
            Records.append(ledger, no);
            assertThat(reliable(crowded(ledger))).contains(given.id(), no.id());
            assertThat(ledger.alarm().found()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatHasTheDatabaseAloneBringsNoConsentBack(TestStore store) throws Exception {
        for (String tampering :
                List.of(
                        "DELETE FROM ledger_lookup WHERE type = 'Withdrawn'",
                        "UPDATE ledger_lookup SET subject = 'berta' WHERE type = 'Withdrawn'",
                        "UPDATE ledger_lookup SET type = 'Served' WHERE type = 'Withdrawn'",
                        "DELETE FROM ledger_lookup WHERE type = 'Refused'",
                        "DELETE FROM ledger_lookup WHERE type = 'PurposeDecided'")) {
            Path each = directory.resolve(Integer.toString(tampering.hashCode()));
            LedgerSettings settings = store.settings(each);
            try (Ledger ledger = open(settings)) {
                NewEntry first = Records.given("call-1", "anna");
                NewEntry second = Records.given("call-2", "anna");
                second.payload().put("refers_to", first.id().toString());
                Records.append(ledger, List.of(first, second));
                EntryType type =
                        EntryType.of(tampering.replaceAll(".*type = '(\\w+)'$", "$1"))
                                .orElseThrow();
                Records.append(ledger, about(second, type, "call-3"));
                assertThat(ledger.alarm().found()).isZero();
                assertThat(reliable(crowded(ledger))).contains(second.id());

                change(settings, tampering);

                assertThat(reliable(crowded(ledger)))
                        .as(tampering)
                        .doesNotContain(first.id(), second.id());
                assertThat(ledger.alarm().found()).as(tampering).isPositive();
            }
        }
    }

    /**
     * A consent from elsewhere ended what was given before it, and names nothing of that: it is
     * left out together with that.
     */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void norOneThatAConsentFromElsewhereHadReplaced(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry before = Records.given("call-1", "anna");
            NewEntry elsewhere = fromElsewhere("2026-11-24T09:00:00.001Z");
            NewEntry after = Records.given("call-2", "anna");
            after.payload().put("refers_to", elsewhere.id().toString());
            from(after, "2026-11-24T09:00:00.002Z");
            Records.append(ledger, List.of(before, elsewhere, after));
            Records.append(ledger, about(after, EntryType.WITHDRAWN, "call-3"));

            change(settings, "DELETE FROM ledger_lookup WHERE type = 'Withdrawn'");

            assertThat(reliable(crowded(ledger))).isEmpty();
            assertThat(ledger.alarm().found()).isPositive();
        }
    }

    /** Its row alone says no more what it is about: what was written does. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aWithdrawalIsFoundByItsCallerAsWellAsByItsConsent(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            NewEntry end = about(given, EntryType.WITHDRAWN, "call-2");
            Records.append(ledger, List.of(given, end));

            change(settings, "UPDATE ledger_lookup SET refers = NULL WHERE type = 'Withdrawn'");

            assertThat(reliable(crowded(ledger))).containsExactly(end.id(), given.id());
        }
    }

    /** Also one that whoever forges a number makes on purpose: it is asked in full. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void ofMoreThanIsReadNothingIsReliedOnAndNobodyIsAlarmed(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry first = Records.given("call-1", "anna");
            NewEntry second = Records.given("call-2", "anna");
            second.payload().put("refers_to", first.id().toString());
            Records.append(ledger, List.of(first, second));
            append(
                    ledger,
                    CROWDED.ends(),
                    i -> about(second, EntryType.PURPOSE_DECIDED, "call-" + i));
            assertThat(reliable(crowded(ledger))).contains(second.id());

            Records.append(ledger, about(second, EntryType.PURPOSE_DECIDED, "one more"));

            CheckedHistory.Found found = crowded(ledger).of(ANNA, "booking");
            assertThat(ids(found.all())).as("it can be withdrawn").contains(second.id());
            assertThat(ids(found.reliable())).doesNotContain(first.id(), second.id());
            assertThat(ledger.alarm().found()).isZero();
        }
    }

    /** As many as somebody makes who agrees and withdraws in each call. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void consentsThatHaveEndedHideNoneThatHolds(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry old = Records.given("call-0", "anna");
            Records.append(ledger, old);
            for (int i = 0; i < 2 * CROWDED.consents(); i++) {
                now = now.plusSeconds(60);
                NewEntry given = Records.given("call-" + i, "anna");
                Records.append(ledger, given);
                Records.append(ledger, about(given, EntryType.WITHDRAWN, "call-" + i));
            }
            CheckedHistory.Found ofNotice = crowded(ledger).of(ANNA, "booking");
            CheckedHistory.Found ofAll = crowded(ledger).ofAll(ANNA);

            assertThat(ids(ofNotice.all())).contains(old.id());
            assertThat(ofNotice.complete()).isTrue();
            assertThat(ids(ofAll.all())).contains(old.id());
            assertThat(ofAll.complete()).isTrue();

            append(
                    ledger,
                    CROWDED.consents(),
                    i -> {
                        NewEntry given = Records.given("more-" + i, "anna");
                        ((ObjectNode) given.payload().path("notice")).put("id", "other");
                        return given;
                    });
            assertThat(crowded(ledger).ofAll(ANNA).complete())
                    .as("more in force than are read")
                    .isFalse();
            assertThat(crowded(ledger).of(ANNA, "booking").complete()).isTrue();
            CheckedHistory hasty =
                    ledger.histories().reading(new Decisive.Most(0, 100, 2 * 3, 1_000));
            assertThat(hasty.ofAll(ANNA).complete()).as("more rows than are passed").isFalse();
        }
    }

    /** Of that number, at this moment; whoever withdraws ends it as well. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoTalksNowIsFoundUntilTheTalkIsOver(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry over = forOneCall("call-1");
            NewEntry given = forOneCall("call-2");
            Records.append(
                    ledger,
                    List.of(
                            over,
                            about(over, EntryType.ASSISTANT_OPENED, "call-1"),
                            about(over, EntryType.ASSISTANT_CUT, "call-1"),
                            given,
                            about(given, EntryType.ASSISTANT_OPENED, "call-2")));

            assertThat(ids(crowded(ledger).ofAll(ANNA).all()))
                    .contains(given.id())
                    .doesNotContain(over.id());
            now = now.plus(Duration.ofHours(13));
            assertThat(crowded(ledger).ofAll(ANNA).all()).as("no talk lasts so long").isEmpty();
        }
    }

    /** Requests and call backs of a number are asked for by what they are. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatACallerAskedForIsFoundByItsKind(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry answered = ofSubject(EntryType.REQUEST_OPENED);
            NewEntry waits = ofSubject(EntryType.REQUEST_OPENED);
            Records.append(ledger, List.of(answered, waits, ofSubject(EntryType.CALL_BACK_DUE)));
            Records.append(ledger, about(answered, EntryType.REQUEST_REFUSED, "-"));
            append(ledger, 30, i -> forOneCall("call-" + i));

            assertThat(ledger.reader().unansweredRequests(ANNA, 10))
                    .extracting(Entry::id)
                    .containsExactly(waits.id());
            assertThat(ledger.reader().callBacksDue(ANNA, now.minusSeconds(1))).isOne();
            assertThat(ledger.reader().callBacksDue(ANNA, now)).isZero();
            assertThat(
                            ledger.reader()
                                    .unansweredRequests(
                                            new PseudonymousSubject(List.of("berta")), 10))
                    .isEmpty();
        }
    }

    /** What ends it is told whatever else is written about it, and of the rest the newest. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatEndedItStandsAmongWhatIsToldAboutIt(TestStore store) throws Exception {
        try (Ledger ledger = open(store.settings(directory))) {
            NewEntry given = Records.given("call-1", "anna");
            NewEntry part = about(given, EntryType.PURPOSE_DECIDED, "call-1");
            NewEntry told = about(given, EntryType.HOLDER_NOTIFIED, "call-1");
            Records.append(ledger, List.of(given, part, told));
            int talks = AboutEntries.MOST + 1;
            append(ledger, talks, i -> about(given, EntryType.ASSISTANT_OPENED, "call-" + i));
            NewEntry last = about(given, EntryType.REAFFIRMED, "call-x");
            Records.append(ledger, last);

            List<Entry> about = AboutEntries.of(ledger.reader(), given.id());
            assertThat(about).hasSize(AboutEntries.MOST + 1);
            assertThat(about.getFirst().id()).isEqualTo(part.id());
            assertThat(about.getLast().id()).isEqualTo(last.id());
            assertThat(AboutEntries.ends(ledger.reader(), List.of(given.id()), Set.of(part.type())))
                    .containsOnlyKeys(given.id());
            List<Entry> holders = new ArrayList<>();
            AboutEntries.ofHolders(ledger.reader(), given.id(), holders::add);
            assertThat(holders).hasSize(talks + 1);
            assertThat(holders.getFirst().id()).isEqualTo(told.id());
        }
    }

    // ------------------------------------------------------------------ what there is

    private interface Making {
        NewEntry of(int i);
    }

    private static void append(Ledger ledger, int entries, Making making) throws Exception {
        List<NewEntry> some = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            some.add(making.of(i));
            if (some.size() == AT_ONCE || i == entries - 1) {
                Records.append(ledger, some);
                some.clear();
            }
        }
    }

    private NewEntry about(NewEntry consent, EntryType type, String call) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.id().toString());
        return NewEntry.of(type, call, "anna", payload, now);
    }

    private NewEntry fromElsewhere(String from) {
        ObjectNode payload = Records.given("elsewhere", "anna").payload();
        NewEntry entry = NewEntry.of(EntryType.IMPORTED, null, "anna", payload, now);
        from(entry, from);
        return entry;
    }

    private static void from(NewEntry consent, String time) {
        ((ObjectNode) consent.payload().get("validity")).put("from", time);
    }

    private NewEntry forOneCall(String call) {
        ObjectNode payload = Records.given(call, "anna").payload();
        payload.remove("validity");
        return NewEntry.of(EntryType.GIVEN, call, "anna", payload, now);
    }

    private NewEntry ofSubject(EntryType type) {
        return NewEntry.of(type, null, "anna", Records.base("hotline", "booking"), now);
    }

    private static CheckedHistory crowded(Ledger ledger) {
        return ledger.histories().reading(CROWDED);
    }

    private static List<UUID> reliable(CheckedHistory histories) throws Exception {
        return ids(histories.of(ANNA, "booking").reliable());
    }

    private static List<UUID> ids(List<Entry> entries) {
        return entries.stream().map(Entry::id).toList();
    }

    private static void change(LedgerSettings settings, String sql) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            assertThat(Rows.change(connection, sql)).as(sql).isPositive();
        }
    }
}
