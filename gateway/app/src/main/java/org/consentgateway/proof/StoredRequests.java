package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Answered;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.Channel;
import org.consentgateway.consent.request.SubjectRequest.Extended;
import org.consentgateway.consent.request.SubjectRequest.Kind;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.SubjectExport;
import org.consentgateway.ledger.SubjectPart;
import org.consentgateway.ledger.SubjectParts;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.PickupCode;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. All requests in a store, for those who answer them beside a running gateway. What goes
 * wrong is an {@link IOException} that says it in one line.
 */
public final class StoredRequests {
    private final LedgerSettings settings;
    private final InstantSource clock;
    private final Terms terms;

    public StoredRequests(LedgerSettings settings, InstantSource clock, Terms terms) {
        this.settings = settings;
        this.clock = clock;
        this.terms = terms;
    }

    /**
     * How they are answered.
     *
     * @param location country the store stands in, ISO 3166-1 alpha-2
     * @param answers folder with the words of an answer, a file per language
     * @param deadline by when
     * @param page where people fetch receipts by themselves; empty for nowhere
     * @param calls what else names callers
     */
    public record Terms(
            String location,
            Path answers,
            Supplier<AnswerDeadline> deadline,
            String page,
            CallRecords calls) {}

    /** Records of calls beside the log, a line each, which may name callers by their pseudonyms. */
    public interface CallRecords {
        /** Where there are none. */
        CallRecords NONE =
                new CallRecords() {
                    @Override
                    public String where() {
                        return "";
                    }

                    @Override
                    public int each(Set<String> pseudonyms, RecordVisitor visitor) {
                        return 0;
                    }
                };

        /** Told of a line. */
        interface RecordVisitor {
            /**
             * @param ending of a file that has such lines
             */
            void at(String ending, String line) throws IOException;
        }

        /** Where they are, and for how long; empty where none names anybody. */
        String where();

        /**
         * Those that lie here and bear one of these pseudonyms.
         *
         * @return how many
         */
        int each(Set<String> pseudonyms, RecordVisitor visitor) throws IOException;
    }

    /** As {@link CallRecords#where}. */
    public String callRecords() {
        return terms.calls.where();
    }

    /** As {@link CallRecords#each}, of one caller. */
    public int callRecords(Subject subject, CallRecords.RecordVisitor visitor) throws IOException {
        return terms.calls.each(names(subject).collect(Collectors.toSet()), visitor);
    }

    /** Where people fetch receipts by themselves; empty for nowhere. */
    public String page() {
        return terms.page;
    }

    /** What the person shows there, besides the number of the request. */
    public String code(Approved approved) throws IOException {
        return PickupCode.of(archive().pseudonyms(), approved.id());
    }

    /**
     * All that is known of one request.
     *
     * @param opened null where it was erased with all else of its caller
     * @param answered null where nobody has answered
     * @param extended null where nobody has taken more time
     * @param confirmed when a call back confirmed it; null where none did
     */
    public record Found(
            @Nullable Opened opened,
            @Nullable Answered answered,
            @Nullable Extended extended,
            @Nullable Instant confirmed) {
        /** Whether nobody may approve it yet. */
        public boolean awaitsCallBack() {
            return answered == null && opened != null && opened.awaitsCallBack();
        }

        public Asked asked() {
            return answered == null ? Asked.of(Objects.requireNonNull(opened)) : answered.asked();
        }

        /** Approved to be erased, but what was to go, such as the request itself, is there. */
        public boolean unfinished() {
            return opened != null
                    && answered instanceof Approved approved
                    && approved.asked().kind() == Kind.ERASURE;
        }

        public boolean waits() {
            return answered == null || unfinished();
        }
    }

    /** In no order. */
    public List<Found> all() throws IOException {
        try {
            LedgerArchive archive = archive();
            List<Opened> opened = LedgerRequests.opened(archive.reader());
            List<Answered> answers = new ArrayList<>(LedgerRequests.answered(archive.reader()));
            answers.addAll(LedgerRequests.unconfirmed(opened, archive.reader()));
            Map<UUID, Instant> confirmed = LedgerRequests.confirmedAt(opened, archive.reader());
            Map<UUID, Extended> extended =
                    LedgerRequests.extended(archive.reader()).stream()
                            .collect(
                                    Collectors.toMap(
                                            one -> one.asked().id(),
                                            one -> one,
                                            (newer, _) -> newer));
            var all = new ArrayList<Found>();
            for (Opened one : opened) {
                all.add(
                        new Found(
                                one,
                                answer(answers, one.id()),
                                extended.get(one.id()),
                                confirmed.get(one.id())));
            }
            answers.stream()
                    .filter(answer ->
                            opened.stream().noneMatch(one -> one.id().equals(answer.asked().id())))
                    .forEach(answer ->
                            all.add(
                                    new Found(
                                            null,
                                            answer,
                                            extended.get(answer.asked().id()),
                                            null)));
            return all;
        } catch (LedgerUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static @Nullable Answered answer(List<Answered> answers, UUID request) {
        return answers.stream()
                .filter(answer -> answer.asked().id().equals(request))
                .findFirst()
                .orElse(null);
    }

    /**
     * @param wanted its reference or its id
     */
    public Found find(String wanted) throws IOException {
        List<Found> found =
                all().stream()
                        .filter(one ->
                                one.asked().reference().digits().equals(wanted)
                                        || one.asked().id().toString().equals(wanted))
                        .toList();
        if (found.isEmpty()) {
            throw new IOException("no request " + wanted + ": see subject requests list --all");
        }
        if (found.size() > 1) {
            List<UUID> ids = found.stream().map(one -> one.asked().id()).toList();
            throw new IOException("several requests have the number " + wanted + ": say " + ids);
        }
        return found.getFirst();
    }

    /** A caller under all pseudonyms there are for this number. */
    public Subject subject(String e164) throws IOException {
        try {
            return new LedgerPseudonyms(archive().pseudonyms()).subject(e164);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Who asked, under all pseudonyms there are for this number.
     *
     * @throws IOException where the request is of another number
     */
    public Subject subject(Opened request, String e164) throws IOException {
        Subject named = subject(e164);
        if (names(named).noneMatch(name -> names(request.subject()).anyMatch(name::equals))) {
            throw new IOException("the request is of another telephone number");
        }
        return named;
    }

    /** Why nobody approves a request that {@link #isRenamed}, or hands its answer over. */
    public static final String RENAMED =
            "the pseudonym keys were rotated since it came, so without the telephone number not all"
                    + " that is stored of the caller is found";

    /**
     * Whether what is stored of whoever asked may bear a name that the request does not have: the
     * keys were rotated since it came, and only the number leads from one name to the next.
     */
    public boolean isRenamed(Opened request) throws IOException {
        Pseudonyms pseudonyms = archive().pseudonyms();
        return names(request.subject()).noneMatch(pseudonyms::isCurrent);
    }

    private static Stream<String> names(Subject subject) {
        return Stream.concat(Stream.of(subject.pseudonym()), subject.earlier().stream());
    }

    /**
     * All of one caller. That it was shown is recorded before.
     *
     * @param by the person who asks for it
     * @param request that it answers; null where there is none
     */
    public SubjectExport shown(Subject subject, String by, @Nullable Asked request)
            throws IOException {
        try {
            var names = new PseudonymousSubject(names(subject).toList());
            SubjectExport export = SubjectExport.of(archive().reader(), names, clock.instant());
            answering(answers -> {
                answers.shown(by, request, export.size());
                return export;
            });
            return export;
        } catch (LedgerUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** How many entries of a caller there are. */
    public int count(Subject subject) throws IOException {
        try {
            return FoundEntries.of(
                            archive().reader(), new PseudonymousSubject(names(subject).toList()))
                    .size();
        } catch (LedgerUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Writes the answer to a request for access into this directory, with receipts: what the caller
     * was told a reference number for.
     */
    public Export export(SubjectExport export, Path directory) throws IOException {
        try {
            export.write(directory, terms.answers);
            SubjectExport.Proved proved = export.prove(directory, archive());
            return new Export(export.size(), proved, export.isShared());
        } catch (LedgerUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * What was written.
     *
     * @param proved how many receipts are with it
     * @param shared whether somebody has refused while a consent of this number was remembered: two
     *     people may have called from it
     */
    public record Export(int entries, SubjectExport.Proved proved, boolean shared) {
        /** In words, for whoever sends it. */
        public String written(Path to) {
            String missing =
                    proved.missing() == 0
                            ? ""
                            : ", "
                                    + proved.missing()
                                    + " not yet: the gateway signs a checkpoint shortly, write"
                                    + " them by receipt ID";
            return entries
                    + " entries and "
                    + proved.receipts()
                    + " receipts written to "
                    + to
                    + missing;
        }
    }

    /**
     * Which part of an answer is wanted.
     *
     * @param cursor as the part before says; empty for the first
     * @param most entries, at most {@link #MOST_HANDED}
     */
    public record Part(Optional<String> cursor, int most) {}

    /** Entries that are handed over by another system at a time, with their receipts. */
    public static final int MOST_HANDED = 500;

    /**
     * The answer to a request for access, to be handed over by another system: all of it, or a part
     * that says which.
     *
     * @param export what is stored
     * @param page the same for the caller to read
     * @param receipts by the ids of consents and withdrawals
     * @param missing how many more there will be when the next checkpoint is signed
     * @param shared as for {@link Export}, of all that is stored
     * @param next by which the next part is asked for; empty where this is the last
     */
    public record Handed(
            ObjectNode export,
            String page,
            Map<UUID, ObjectNode> receipts,
            int missing,
            boolean shared,
            Optional<String> next) {}

    /**
     * As {@link #export} writes it.
     *
     * @param until of what was recorded until then
     * @throws IllegalArgumentException where the cursor is none that was handed for this answer
     */
    public Handed handed(Subject subject, Instant until, Instant now, Part wanted)
            throws IOException {
        try {
            LedgerArchive archive = archive();
            var parts =
                    new SubjectParts(
                            archive.reader(),
                            archive.pseudonyms(),
                            new PseudonymousSubject(names(subject).toList()),
                            until);
            SubjectPart part =
                    wanted.cursor.isPresent()
                            ? parts.next(wanted.cursor.get(), now, wanted.most)
                            : parts.first(now, wanted.most);
            SubjectPart.Receipts proofs = part.proofs(archive);
            Map<UUID, ObjectNode> receipts = new LinkedHashMap<>();
            proofs.receipts().forEach((id, receipt) -> receipts.put(id, receipt.json()));
            return new Handed(
                    part.json(),
                    part.html(terms.answers),
                    receipts,
                    proofs.missing(),
                    part.of().shared(),
                    part.next());
        } catch (LedgerUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Until when a request may be answered once more time is taken.
     *
     * @return none where a law binds that knows of no more time
     */
    public Optional<Instant> extended(Instant asked) {
        return terms.deadline.get().extended(asked);
    }

    /** For a request that is to be opened. */
    public UUID newId() {
        return EntryIds.next(clock.instant());
    }

    /**
     * From when on the time to answer counts ({@link AnswerDeadline#received}).
     *
     * @param day on which it came; null for now
     */
    public Optional<Instant> received(@Nullable LocalDate day) {
        Instant now = clock.instant();
        return day == null ? Optional.of(now) : terms.deadline.get().received(day, now);
    }

    /** When one that was made then is overdue. */
    public Instant due(Instant asked) {
        return terms.deadline.get().due(asked);
    }

    /** What is done with answers. */
    public interface Work<T> {
        T with(RequestAnswers answers) throws JournalUnavailable, RequestAnswers.NotAnswerable;
    }

    public <T> T answering(Work<T> work) throws IOException {
        try (Ledger ledger = Ledger.openBeside(settings, clock)) {
            return work.with(new RequestAnswers(ledger, clock, terms.location));
        } catch (JournalUnavailable e) {
            throw new IOException("the store does not take it: " + e.getMessage(), e);
        }
    }

    /** Erases all that no law demands of a caller for whom no request was taken down. */
    public RequestAnswers.Erasure erase(String e164, String who, String ground) throws IOException {
        Subject subject = subject(e164);
        var answer = new Answer(who, ground);
        Instant now = clock.instant();
        var nobodyAsked = new Asked(newId(), Kind.ERASURE, Channel.OPERATOR, now, now);
        return answering(answers -> answers.approveErasure(nobodyAsked, answer, subject, null));
    }

    /**
     * What a person has to tell a holder of data.
     *
     * @param number by which the task is named
     * @param way where and how
     * @param event what is to be told: "erased", "withdrawn", "expired"
     * @param consents as the holder knows them
     */
    public record ToTell(
            String number,
            Instant since,
            String holder,
            String way,
            String event,
            List<UUID> consents) {}

    /** Oldest first. */
    public List<ToTell> toTell() throws IOException {
        return tasks().stream()
                .map(task ->
                        new ToTell(
                                task.reference().digits(),
                                task.since(),
                                task.holder(),
                                task.way(),
                                task.event().toLowerCase(Locale.ROOT),
                                task.consents()))
                .toList();
    }

    /**
     * @param number of the task
     * @param answer who has told the holder, and how
     */
    public void told(String number, Answer answer) throws IOException {
        HolderTasks.HolderTask task =
                tasks().stream()
                        .filter(one -> one.reference().digits().equals(number))
                        .findFirst()
                        .orElseThrow(() ->
                                new IOException("no task " + number + ": see subject holders"));
        answering(answers -> {
            answers.told(task, answer);
            return task;
        });
    }

    private List<HolderTasks.HolderTask> tasks() throws IOException {
        try {
            return HolderTasks.open(archive().reader());
        } catch (LedgerUnavailable e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private LedgerArchive archive() throws IOException {
        return LedgerArchive.open(settings);
    }
}
