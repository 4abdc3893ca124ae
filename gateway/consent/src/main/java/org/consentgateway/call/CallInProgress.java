package org.consentgateway.call;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.call.CallStage.CallerGone;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRules;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.EndedAll;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.Standing;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, but for {@link #consentEnded}. One call under way: who
 * calls, in which words we speak, and what was decided. To say or ask something takes a {@link
 * CallStage}.
 */
final class CallInProgress {
    /** By the stars that lead to a language. */
    private static final List<String> OFFERS =
            List.of(Parts.LANGUAGE_OFFER, Parts.LANGUAGE_OFFER_2);

    private final CallServices services;
    private final Line line;
    private final Caller caller;
    private final ConsentRules rules;
    private final ConsentValidity validity;
    private final long begunNanos;
    private CallFacts facts;
    private @Nullable Notice notice;
    private CallEnded.@Nullable How hungUp;
    private final ConsentsInForce inForce = new ConsentsInForce();
    private boolean decided;

    /** That the caller has withdrawn is told. */
    private boolean withdrawn;

    /** A withdrawal of this call, or of a purpose, is on no disk: lost with this process. */
    private boolean heldInMemory;

    /** Whether the store took what was noted last. */
    private boolean storeTakes;

    /** What shows the decision that the call goes on with. */
    private List<Evidence> evidence = List.of();

    /** Languages that the caller has heard, or heard offered. */
    private final Set<String> offered = new HashSet<>();

    /** How the consent has ended outside this call, where it has. */
    private volatile EndOfConsent.@Nullable How consentEnded;

    /** Whether the caller was asked already how it was. */
    private boolean askedBack;

    private boolean linkOffered;

    /** Whether the caller has had somebody to talk to. */
    private boolean joined;

    /** The caller was told to withdraw by keys, since nobody would have heard the words. */
    private boolean toldOfKeysAlone;

    /** Whether the caller's number has a remembered consent in force. */
    private boolean known;

    /** How far the caller came and that is not told yet: the last language counts. */
    private CallEvent.@Nullable DisclosureServed disclosed;

    private CallEvent.@Nullable QuestionServed asked;
    private @Nullable Instant askedAt;
    private boolean toldHowFar;

    CallInProgress(CallServices services, Line line, Caller caller) {
        this.services = services;
        this.line = line;
        this.caller = caller;
        this.facts = caller.facts();
        this.begunNanos = services.time().nanos();
        this.rules = new ConsentRules(line.levels(), line.renewalWindow(), line.zone());
        this.validity = new ConsentValidity(line.levels(), services.notices());
    }

    CallServices services() {
        return services;
    }

    Line line() {
        return line;
    }

    /**
     * @param ifGone how the call went if the caller leaves in this stage
     */
    CallStage stage(Supplier<CallOutcome> ifGone) {
        return new CallStage(this, caller, ifGone);
    }

    ConsentRules rules() {
        return rules;
    }

    /**
     * Where the consents of this caller stand; asked again before one is used, since it may have
     * been withdrawn while we spoke.
     */
    Standing standingNow(Subject subject) throws JournalUnavailable {
        return journal()
                .standing(subject, validity, notice(), now(), services.time().latest().instant());
    }

    ConsentJournal journal() {
        return services.journal();
    }

    void tell(CallEvent event) {
        switch (event) {
            case CallEvent.Decided _, CallEvent.Reaffirmed _ -> {
                asked();
                tellHowFar();
            }
            case CallEvent.Abandoned _,
                    CallEvent.Used _,
                    CallEvent.Withdrawn _,
                    CallEvent.Ended _ ->
                    tellHowFar();
            default -> {}
        }
        services.listener().told(event);
    }

    private void tellHowFar() {
        if (disclosed != null && !toldHowFar) {
            services.listener().told(disclosed);
            if (asked != null) {
                services.listener().told(asked);
            }
            toldHowFar = true;
        }
    }

    void known(ConsentStatus status) {
        known = status instanceof ConsentStatus.Valid || status instanceof ConsentStatus.RenewalDue;
    }

    boolean known() {
        return known;
    }

    /** The caller has somebody to talk to. */
    void joined(CallEvent.Whom whom) {
        Instant answered = facts.answeredAt();
        if (!joined && answered != null && !line.privacy()) {
            Duration waited = Duration.between(answered, now());
            tell(
                    new CallEvent.Joined(
                            facts,
                            noticeRef(),
                            whom,
                            waited.isNegative() ? Duration.ZERO : waited));
        }
        joined = true;
    }

    /** The disclosure was played. */
    void disclosed(boolean completed) {
        disclosed = new CallEvent.DisclosureServed(facts, noticeRef(), known, completed);
    }

    /** The question is put now, or is answered already. */
    void asked() {
        askedAt = askedAt == null ? now() : askedAt;
        asked = new CallEvent.QuestionServed(facts, noticeRef(), known, askedAt);
    }

    CallFacts facts() {
        return facts;
    }

    Instant now() {
        return services.time().instant();
    }

    long nanos() {
        return services.time().nanos();
    }

    Duration since(long nanos) {
        return Duration.ofNanos(nanos() - nanos);
    }

    UUID newId() {
        return services.journal().newId();
    }

    void answered() {
        Instant at = caller.facts().answeredAt();
        facts = facts.answered(at == null ? now() : at);
    }

    /**
     * Speaks what the caller's side asks for where the line has it, or the line's first language.
     */
    void speakFirstLanguage() {
        List<String> languages = languages();
        speak(
                caller.languages().stream()
                        .filter(languages::contains)
                        .findFirst()
                        .orElseGet(languages::getFirst));
    }

    void speakNextLanguage() {
        speak(nextLanguage());
    }

    /** Whether "*" leads to another language than the one spoken now. */
    boolean hasOtherLanguages() {
        return languages().size() > 1;
    }

    /** Those of the line that have a text in force: one whose first is dated later has none yet. */
    private List<String> languages() {
        return line.languages().stream().filter(language -> !inForce(language).isEmpty()).toList();
    }

    private String nextLanguage() {
        List<String> languages = languages();
        int next = languages.indexOf(notice().language()) + 1;
        return languages.get(next % languages.size());
    }

    private void speak(String language) {
        notice = services.wordings().choose(inForce(language), facts, now());
        offered.add(language);
    }

    private List<Notice> inForce(String language) {
        LocalDate today = now().atZone(line.zone()).toLocalDate();
        return services.notices().inForce(line.notice(), language, today);
    }

    /**
     * Offers the languages that one star or two lead to, each in its own words and once per call.
     */
    List<Utterance> languageOffers() {
        List<String> languages = languages();
        int spoken = languages.indexOf(notice().language());
        var offers = new ArrayList<Utterance>();
        for (int stars = 1; stars <= OFFERS.size(); stars++) {
            String other = languages.get((spoken + stars) % languages.size());
            if (offered.add(other)) {
                Notice notice = inForce(other).getFirst();
                String part = OFFERS.get(stars - 1);
                if (notice.texts().containsKey(part)) {
                    offers.add(Utterance.of(notice, part));
                }
            }
        }
        return offers;
    }

    Notice notice() {
        if (notice == null) {
            throw new IllegalStateException("no language is chosen yet");
        }
        return notice;
    }

    NoticeRef noticeRef() {
        return NoticeRef.of(notice());
    }

    /** Whether the caller may be asked how it was: once in a call. */
    boolean mayAskBack() {
        boolean may = !askedBack;
        askedBack = true;
        return may;
    }

    /** Whether a text message may be offered: once in a call. */
    boolean mayOfferLink() {
        boolean may = !linkOffered;
        linkOffered = true;
        return may;
    }

    /** As {@link Caller#hears}, in the language spoken now. */
    boolean hears() {
        return caller.hears(notice().language());
    }

    String model() {
        return caller.model(notice().language());
    }

    /** What a withdrawal in this call ends. */
    ConsentsInForce inForce() {
        return inForce;
    }

    /** What is stored of earlier calls can be withdrawn in this one. */
    void watchFor(Standing standing) {
        for (ConsentInForce stored : standing.stored()) {
            inForce.add(stored, line.level(stored.level()).map(Level::spotsPhrase).orElse(true));
        }
        inForce.unknown(!standing.complete());
    }

    /** The same of what is stored now; until the store can say that, there may be something. */
    void watchForStored() {
        inForce.unknown(facts.knownSubject() != null);
        lookUpStored();
    }

    /**
     * All that there is of this caller to withdraw, whatever notice it was given to: what the
     * privacy line ends.
     */
    List<ConsentInForce> allStored(Subject subject) throws JournalUnavailable {
        ConsentInForce.Found found = journal().inForce(subject, now());
        found.consents().forEach(consent -> inForce.add(consent, true));
        inForce.unknown(!found.complete());
        return found.consents();
    }

    /**
     * Ends what there is of this caller besides what is known in this call, to whatever notice and
     * however many.
     */
    EndedAll endAll(Subject subject, EndedAll.Ends ends) {
        long from = nanos();
        EndedAll ended = journal().endAll(subject, now(), Instant.MAX, List.of(), ends);
        noteEnded(ended, from);
        return ended;
    }

    private void noteEnded(EndedAll ended, long from) {
        if (!ended.ended().isEmpty()) {
            storeTakes = ended.where() == Durability.STORED;
            tell(new CallEvent.Committed(facts, storeTakes, since(from)));
        }
        if (ended.asked()) {
            inForce.unknown(!ended.all());
        }
    }

    Withdrawals watching() {
        return inForce.watching(this);
    }

    /** Ends what is in force; what is to be recorded of it is for the caller of this to write. */
    List<ConsentRecord> withdrawn(ConsentWithdrawn how) {
        if (!inForce.isEmpty() && !withdrawn) {
            withdrawn = true; // however many consents that are
            decided();
            tell(new CallEvent.Withdrawn(facts, inForce.lastLevel(), how.method()));
        }
        return inForce.withdrawn(this, how);
    }

    /**
     * The same, and writes it: nobody listens now. Then the store is asked once more: somebody may
     * have agreed on another telephone of this number since the call began, or it could not say
     * what there was. Where it did not take this withdrawal nobody waits for it again: what was
     * agreed to before counts no more by that ({@link ConsentValidity}).
     *
     * @return whether that is all there is, as far as the store can say, and on a disk: what is in
     *     memory alone counts as well, and nobody is told that it is done
     */
    boolean withdraw(ConsentWithdrawn how) {
        long from = nanos();
        noteWithdrawn(how);
        if (inForce.unknown() || storeTakes) {
            lookUpStored();
            noteWithdrawn(how);
        }
        if (inForce.unknown() && storeTakes) {
            endRest(how, from);
        }
        boolean all = !inForce.unknown() && !heldInMemory;
        inForce.unknown(false); // nobody is asked twice
        return all;
    }

    /**
     * There are more than are read at once. This call waits for them no longer than it waits for
     * one record, counted from when it began to withdraw; until they are on a disk nobody is told
     * that they have ended.
     */
    private void endRest(ConsentWithdrawn how, long begun) {
        @Nullable Subject subject = facts.knownSubject();
        if (subject == null) {
            return;
        }
        long from = nanos();
        CallFacts now = facts; // it may go on when this call is further
        Optional<EndedAll> rest =
                journal()
                        .endAllBeside(
                                subject,
                                now(),
                                since(begun),
                                consent ->
                                        withdrawsHere(consent)
                                                ? Optional.of(
                                                        ConsentsInForce.withdrawn(
                                                                this,
                                                                now,
                                                                consent.grant(),
                                                                consent.lineage(),
                                                                how))
                                                : Optional.empty(),
                                mistake ->
                                        services.listener()
                                                .told(
                                                        new CallEvent.WithdrawalFailed(
                                                                now,
                                                                mistake.getClass().getName())));
        rest.filter(ended -> ended.where().durable()).ifPresent(ended -> noteEnded(ended, from));
    }

    /**
     * Whether a withdrawal in this call ends this one: what counts for its notice, as {@link
     * #watchFor}, and on the privacy line everything.
     */
    private boolean withdrawsHere(ConsentInForce consent) {
        return line.privacy() || (consent.lasts() && consent.lineage().equals(line.notice()));
    }

    private void noteWithdrawn(ConsentWithdrawn how) {
        List<ConsentRecord> records = withdrawn(how);
        if (!records.isEmpty()) {
            note(records.toArray(ConsentRecord[]::new));
        }
    }

    /**
     * Whether a withdrawal now takes back nothing but what is not recorded yet. Where the store
     * could not say what there is, it is asked once more.
     */
    boolean noneRecorded() {
        if (inForce.unknown()) {
            lookUpStored();
        }
        return inForce.isEmpty() && !inForce.unknown();
    }

    private void lookUpStored() {
        @Nullable Subject subject = facts.knownSubject();
        if (subject == null) {
            return;
        }
        try {
            if (line.privacy()) {
                List<ConsentInForce> _ = allStored(subject);
            } else {
                watchFor(standingNow(subject));
            }
        } catch (JournalUnavailable e) {
            // then it stays unknown, and nobody is told that anything has ended
        }
    }

    /** As {@link Caller#consentEnded}. */
    void consentEnded(EndOfConsent.How how) {
        consentEnded = how;
        caller.consentEnded(how);
        services.listener().told(new CallEvent.ConsentEnded(caller.facts(), how));
    }

    /**
     * How the consent has ended outside the call, as it was said last; null where it has not. A
     * question, a prompt and the dialling of a person go on all the same.
     */
    EndOfConsent.@Nullable How endOfConsent() {
        return consentEnded;
    }

    /**
     * What whoever speaks now may be asked for in one short question.
     *
     * @return null where all has to be asked for
     */
    @Nullable Level remembered(ConsentStatus status) {
        @Nullable Level level =
                switch (status) {
                    case ConsentStatus.Valid valid -> valid.level();
                    case ConsentStatus.RenewalDue due -> due.level();
                    case ConsentStatus.None _,
                            ConsentStatus.Expired _,
                            ConsentStatus.TextChanged _,
                            ConsentStatus.PurposeAdded _,
                            ConsentStatus.Shared _,
                            ConsentStatus.Withdrawn _ ->
                            null;
                };
        return level != null
                        && line.questions().remember() != Line.Remember.NEVER
                        && hasWords(Parts.of(Parts.KNOWN, level.id()))
                ? level
                : null;
    }

    /** Whether this notice can say it in the language spoken now. */
    boolean hasWords(String part) {
        return notice().texts().containsKey(part);
    }

    /**
     * What confirms that this is granted; no parts where the line confirms nothing. Words are told
     * only where they will be heard, and it stays with what a call was told first: what is begun
     * while a yes rests goes on while the assistant is dialled.
     */
    List<String> confirmation(Level granted) {
        if (!line.confirmation()) {
            return List.of();
        }
        toldOfKeysAlone |= granted.spotsPhrase() && !caller.hearsWithdrawal(notice().language());
        return List.of(
                Parts.of(toldOfKeysAlone ? Parts.CONFIRM_KEYS : Parts.CONFIRM, granted.id()));
    }

    /** Parts that this notice does not have are left out. */
    Utterance utterance(List<String> parts) {
        return new Utterance(
                notice(), parts.stream().filter(notice().texts()::containsKey).toList());
    }

    /** Something that has to be durable before the story goes on. */
    interface Write<T> {
        T run() throws JournalUnavailable;
    }

    <T> T durably(Write<T> write) throws JournalUnavailable {
        long from = nanos();
        boolean durable = false;
        try {
            T result = write.run();
            durable = true;
            return result;
        } finally {
            tell(new CallEvent.Committed(facts, durable, since(from)));
        }
    }

    /**
     * Something that has happened and is written as soon as the store takes it.
     *
     * @return where it is now
     */
    Durability note(ConsentRecord... records) {
        long from = nanos();
        return noted(journal().writeNowOrLater(records), from, records);
    }

    /** The same where the store has just not answered: this call waits for it no second time. */
    void noteLater(ConsentRecord record) {
        long from = nanos();
        Durability _ = noted(journal().writeLater(record), from, record);
    }

    private Durability noted(Durability where, long from, ConsentRecord... records) {
        storeTakes = where == Durability.STORED;
        heldInMemory |= !where.durable() && endsAny(records);
        tell(new CallEvent.Committed(facts, where == Durability.STORED, since(from)));
        return where;
    }

    private static boolean endsAny(ConsentRecord... records) {
        return Stream.of(records)
                .anyMatch(record ->
                        record instanceof ConsentRecord.Withdrawn
                                || (record instanceof ConsentRecord.PurposeDecided part
                                        && part.ends()));
    }

    /** What shows the decision that the call goes on with. */
    void shownBy(List<Evidence> shown) {
        evidence = List.copyOf(shown);
    }

    /** As {@link #shownBy}; none where nobody was asked. */
    List<Evidence> evidence() {
        return evidence;
    }

    /** From here on the call has its decision, or needs none. */
    void decided() {
        decided = true;
        inForce.agreed(false);
    }

    /** Every answered call leaves one decision: this one, unless there is another. */
    void unansweredUnlessDecided(Unclear reason, List<Evidence> evidence) {
        if (decided || facts.answeredAt() == null) {
            return;
        }
        decided();
        note(unanswered(reason, evidence));
    }

    ConsentRecord.Unanswered unanswered(Unclear reason, List<Evidence> evidence) {
        return new ConsentRecord.Unanswered(newId(), now(), facts, noticeRef(), reason, evidence);
    }

    /** From here on nothing is recorded of who called, and nothing of theirs can be withdrawn. */
    void passedOn() {
        facts = facts.passedOn();
        inForce.clear();
    }

    CallOutcome gone(CallerGone gone) {
        hungUp = gone.how();
        return gone.outcome();
    }

    CallOutcome.Trail trail() {
        return new CallOutcome.Trail(
                facts,
                notice == null ? "" : notice.language(),
                notice == null ? "" : notice.version(),
                notice == null ? "" : notice.variant(),
                since(begunNanos),
                hungUp);
    }
}
