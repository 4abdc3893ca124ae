package org.consentgateway.proof.imports;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.Provenance;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Pseudonymiser;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.proof.LedgerStore;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Takes over consents that were given on the web or on paper: all of them or none. A
 * row that was taken over before changes nothing, so a file may be handed in again.
 */
public final class ConsentImport {
    /** At once: it is one commit, and calls beside it wait for the store meanwhile. */
    public static final int MOST_ROWS = 4_000;

    /** Of a consent in words that are not ours, behind its end: the usual time for claims. */
    public static final Period KEPT = Period.ofYears(3);

    private static final Duration LOOKING = Duration.ofSeconds(10);
    private static final Duration WRITING = Duration.ofMinutes(2);

    /** Where others write the same meanwhile. */
    private static final int MOST_TRIES = 5;

    private static final String OTHER_WORDS = "imported";

    private final Supplier<ImportTerms> terms;
    private final LedgerStore store;
    private final Pseudonymiser pseudonyms;
    private final Function<String, List<UUID>> ids;

    /**
     * @param terms as they are now
     * @param ids of what is written about a text, by each key there has been, the newest first
     */
    public ConsentImport(
            Supplier<ImportTerms> terms,
            LedgerStore store,
            Pseudonymiser pseudonyms,
            Function<String, List<UUID>> ids) {
        this.terms = terms;
        this.store = store;
        this.pseudonyms = pseudonyms;
        this.ids = ids;
    }

    /** The store could not say what there is, or did not take it. */
    public static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean refused;

        Unavailable(JournalUnavailable why) {
            super(why.getMessage(), why);
            refused = why.refused();
        }

        /** Whether it is for what was handed in, and would be so again. */
        public boolean refused() {
            return refused;
        }
    }

    /** What became of it. */
    public sealed interface Result {
        /**
         * @param rows in their order
         */
        record Done(List<Row> rows) implements Result {
            public Done {
                rows = List.copyOf(rows);
            }

            public long with(Became became) {
                return rows.stream().filter(row -> row.became() == became).count();
            }

            /** Those that shorten the question of a call. */
            public long counting() {
                return rows.stream().filter(Row::counts).count();
            }
        }

        /** Nothing was written. */
        record Wrong(List<WrongRow> rows) implements Result {
            public Wrong {
                rows = List.copyOf(rows);
            }
        }
    }

    /** What became of a row. */
    public enum Became {
        NEW,
        /** It was taken over before. */
        KNOWN,
        /** It was taken over before, and its caller has had it erased since: it stays so. */
        ERASED,
        /**
         * Whoever has the number has withdrawn since it was given. Nothing was written: other
         * systems would be told that this person agrees.
         */
        WITHDRAWN_SINCE
    }

    /**
     * One consent.
     *
     * @param counts whether a call relies on it, by all that is known of the caller now
     */
    public record Row(String reference, UUID consent, Became became, boolean counts) {}

    /**
     * @param by the person who has it done
     * @param dryRun look at everything, write nothing
     */
    public Result take(List<ImportRow> rows, String by, boolean dryRun, Instant now)
            throws Unavailable {
        List<ReadRow> read = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (ImportRow row : rows) {
            var reader = new RowReader(row, terms.get(), now);
            ReadRow one = read(reader, by, now);
            Integer before = seen.putIfAbsent(key(one.record().origin()), row.number());
            if (before != null && reader.wrong(true).isEmpty()) {
                reader.wrong("reference", "a consent of its own: row " + before + " has it, too");
            }
            read.add(one);
        }
        try {
            return take(read, dryRun);
        } catch (JournalUnavailable e) {
            throw new Unavailable(e);
        }
    }

    /**
     * Another node, or a command beside it, may take over the same meanwhile, and the log takes an
     * id once, whoever hands it in: what is there behind it is looked at, and decides anew. It
     * takes all that is handed in together or nothing.
     */
    private Result take(List<ReadRow> rows, boolean dryRun) throws JournalUnavailable {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Looked looked = look(rows);
            if (!looked.wrong().isEmpty()) {
                return new Result.Wrong(looked.wrong());
            }
            if (dryRun || looked.fresh().isEmpty() || write(looked.fresh())) {
                return new Result.Done(looked.rows());
            }
        }
        throw new JournalUnavailable("others take over the same consents", false);
    }

    /**
     * @return false where others have written some of it meanwhile, and none of it is ours
     */
    private boolean write(List<ReadRow> fresh) throws JournalUnavailable {
        store.requireTrusted();
        try {
            var _ =
                    store.append(
                            fresh.stream().<ConsentRecord>map(ReadRow::record).toList(), WRITING);
        } catch (JournalUnavailable e) {
            if (e.refused() && !stored(fresh).isEmpty()) {
                return false;
            }
            throw e;
        }
        Map<UUID, LedgerStore.Stored> stored = stored(fresh);
        return fresh.stream()
                .allMatch(one -> {
                    LedgerStore.Stored there = stored.get(one.record().id());
                    return there != null && one.is(there.record());
                });
    }

    private Map<UUID, LedgerStore.Stored> stored(List<ReadRow> fresh) throws JournalUnavailable {
        return store.stored(fresh.stream().map(one -> one.record().id()).toList(), WRITING);
    }

    /**
     * What there is of all rows.
     *
     * @param fresh of which there is nothing yet
     * @param rows what becomes of each; of no meaning where something is wrong
     */
    private record Looked(List<WrongRow> wrong, List<ReadRow> fresh, List<Row> rows) {}

    private Looked look(List<ReadRow> rows) throws JournalUnavailable {
        var histories = new CallerHistories(store, LOOKING);
        List<WrongRow> wrong = new ArrayList<>();
        List<ReadRow> fresh = new ArrayList<>();
        List<Found> found = new ArrayList<>();
        for (ReadRow row : rows) {
            Optional<Found> there = there(row);
            List<WrongRow> ofRow = row.reader().wrong(there.isEmpty());
            if (!ofRow.isEmpty()) {
                wrong.addAll(ofRow);
                continue;
            }
            Found one = there.isPresent() ? there.get() : notThere(row, histories);
            wrong(one, histories).ifPresent(wrong::add);
            if (one.became() == Became.NEW) {
                fresh.add(row);
                histories.add(row.record());
            }
            found.add(one);
        }
        List<Row> became = new ArrayList<>();
        if (wrong.isEmpty()) {
            for (Found one : found) { // of several consents of one caller a call relies on one
                became.add(one.row(histories));
            }
        }
        return new Looked(wrong, fresh, became);
    }

    // ------------------------------------------------------------------ one row

    private ReadRow read(RowReader row, String by, Instant now) {
        String lineage = row.notice();
        String language = row.language(lineage);
        String digest = row.digest();
        Optional<Notice> same = row.sameWords(lineage, language, digest);
        var origin =
                new Provenance(
                        row.source(),
                        row.form(),
                        row.reference(),
                        row.identified(),
                        same.isPresent(),
                        by);
        Instant from = row.givenAt();
        SequencedSet<Purpose> purposes = row.purposes(lineage);
        String number = row.telephoneNumber();
        @Nullable Instant until = row.until();
        Grant grant =
                purposes.isEmpty() || lineage.isEmpty()
                        ? nothing(from)
                        : same.isPresent()
                                ? inOurWords(row, lineage, purposes, from, until)
                                : inOthers(row, purposes, from, until);
        if (row.wrong(true).isEmpty() && grant.until() != null && !now.isBefore(grant.until())) {
            row.unfit("until", "a time to come: this consent has ended");
        }
        var record =
                new ConsentRecord.Imported(
                        ids.apply(key(origin)).getFirst(),
                        now,
                        number.isEmpty() ? new Subject("") : pseudonyms.subject(number),
                        same.map(NoticeRef::of).orElseGet(() -> others(lineage, language, digest)),
                        grant,
                        origin);
        return new ReadRow(row, record, until);
    }

    /** Stands in where the row is wrong anyway. */
    private static Grant nothing(Instant from) {
        Level level =
                Level.of(
                        OTHER_WORDS,
                        List.of(Purpose.ASSISTANT),
                        new ValidityPeriod.ThisCall(),
                        KEPT,
                        false);
        return new Grant(level, from, null, null, List.of());
    }

    /** It holds as long as those words say, or less. */
    private Grant inOurWords(
            RowReader row,
            String lineage,
            SequencedSet<Purpose> purposes,
            Instant from,
            @Nullable Instant until) {
        boolean asked = false;
        for (ImportTerms.OfLine line : terms.get().lines().getOrDefault(lineage, List.of())) {
            if (!Level.purposesOf(line.levels()).containsAll(purposes)) {
                continue;
            }
            asked = true;
            Level level = Level.granted(line.levels(), purposes);
            Grant grant = line.rules().grant(level, from, true, List.of());
            if (grant.until() == null) {
                continue;
            }
            if (until == null || until.equals(grant.until())) {
                return grant;
            }
            if (until.isAfter(grant.until())) {
                row.unfit("until", "at most " + grant.until() + ", as the words of the notice say");
            }
            return new Grant(grant.level(), from, until, until, List.of());
        }
        if (asked) {
            row.unfit("notice", "one whose consents last: those to this one end with their call");
        } else {
            row.unfit("purposes", "those of one line");
        }
        return nothing(from);
    }

    private Grant inOthers(
            RowReader row, SequencedSet<Purpose> purposes, Instant from, @Nullable Instant until) {
        if (until == null) {
            row.unfit("until", "until when it holds: the words are not those of a notice");
            return nothing(from);
        }
        if (!until.isAfter(from)) {
            row.unfit("until", "a time after given_at");
            return nothing(from);
        }
        Instant latest = from.atZone(ZoneOffset.UTC).plus(terms.get().longest()).toInstant();
        if (until.isAfter(latest)) {
            row.unfit("until", "at most " + latest + ", as limits.validity says");
        }
        var lasting = new ValidityPeriod.Lasting(Period.ZERO, Duration.between(from, until));
        return new Grant(
                new Level(OTHER_WORDS, purposes, lasting, KEPT, false),
                from,
                until,
                until,
                List.of());
    }

    private NoticeRef others(String lineage, String language, String digest) {
        Notice.Controller controller =
                terms.get().texts().all(lineage, language).stream()
                        .map(Notice::controller)
                        .reduce((_, last) -> last)
                        .orElseGet(() -> new Notice.Controller("", "", ""));
        return new NoticeRef(lineage, "", language, "", digest, "", controller);
    }

    // ------------------------------------------------------------------ what was there before

    /**
     * What there is of a row.
     *
     * @param asStored as a call would find it
     * @param id under which it is known here
     * @param before as it was taken over; null where it was not, or is erased
     */
    private record Found(
            ReadRow row,
            ConsentRecord.Imported asStored,
            UUID id,
            Became became,
            @Nullable ConsentRecord before) {
        Row row(CallerHistories histories) throws JournalUnavailable {
            boolean stands = became == Became.NEW || became == Became.KNOWN;
            return new Row(
                    asStored.origin().reference(),
                    id,
                    became,
                    stands
                            && asStored.origin().counts()
                            && isRunning()
                            && histories.relyOn(id, asStored));
        }

        private boolean isRunning() {
            Instant until = asStored.grant().until();
            return until == null || asStored.at().isBefore(until);
        }
    }

    private static String key(Provenance origin) {
        return "import:" + origin.source() + ":" + origin.form() + ":" + origin.reference();
    }

    /** Empty where there is nothing under its reference. */
    private Optional<Found> there(ReadRow row) throws JournalUnavailable {
        for (UUID id : ids.apply(key(row.record().origin()))) {
            Optional<LedgerStore.Stored> stored = store.stored(id, LOOKING);
            if (stored.isPresent()) {
                ConsentRecord before = stored.get().record();
                return Optional.of(
                        new Found(
                                row,
                                row.asStored(before),
                                id,
                                before == null ? Became.ERASED : Became.KNOWN,
                                before));
            }
        }
        return Optional.empty();
    }

    private static Found notThere(ReadRow row, CallerHistories histories)
            throws JournalUnavailable {
        ConsentRecord.Imported record = row.record();
        Became became = histories.withdrawnSince(record) ? Became.WITHDRAWN_SINCE : Became.NEW;
        return new Found(row, record, record.id(), became, null);
    }

    private static Optional<WrongRow> wrong(Found one, CallerHistories histories)
            throws JournalUnavailable {
        if (one.became() == Became.KNOWN && !one.row().isSame(one.before())) {
            return Optional.of(
                    one.row()
                            .wrong(
                                    "reference",
                                    "what was taken over before under it, as "
                                            + one.id()
                                            + "; a changed consent has a reference of its own"));
        }
        if (one.became() == Became.NEW && !histories.areComplete(one.asStored())) {
            return Optional.of(
                    one.row()
                            .wrong(
                                    "number",
                                    "one of which all that it decided can be read: of this one"
                                            + " nobody knows whether it has withdrawn since (see"
                                            + " ledger verify)"));
        }
        return Optional.empty();
    }
}
