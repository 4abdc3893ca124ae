package org.consentgateway.call;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.call.spoken.Variants;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.GrantsInUse;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.Standing;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.consentgateway.consent.request.LinkSender;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.TaskDesk;
import org.jspecify.annotations.Nullable;

/** Confined to a test. A gateway without telephones: store, texts and targets, in virtual time. */
final class TestWorld {
    static final Level BASIS = level("basis", new ValidityPeriod.ThisCall(), Purpose.ASSISTANT);
    static final Level KOMFORT =
            level("komfort", new ValidityPeriod.ThisCall(), Purpose.ASSISTANT, Purpose.TRANSCRIPT);
    static final Level VOLL =
            level(
                    "voll",
                    new ValidityPeriod.ThisCall(),
                    Purpose.ASSISTANT,
                    Purpose.TRANSCRIPT,
                    Purpose.RECORDING);

    /** The same, which may hold for later calls. */
    static final Level LASTING = lasting(BASIS);

    static final Level LASTING_KOMFORT = lasting(KOMFORT);
    static final Level LASTING_VOLL = lasting(VOLL);

    /** Nobody is asked back or called back, and nothing is told again. */
    static final Line.Service SERVICE = new Line.Service(false, false, null, null);

    static final Line LADDER = line(Line.Dialog.LADDER, "human", false, BASIS, KOMFORT, VOLL);
    static final Line SHORT_LADDER = line(Line.Dialog.LADDER, "human", false, BASIS);
    static final Line MENU = line(Line.Dialog.MENU, "human", false, BASIS, KOMFORT, VOLL);
    static final Line NO_HUMAN = line(Line.Dialog.LADDER, null, false, BASIS);
    static final Line PRIVACY = line(Line.Dialog.MENU, "human", true, BASIS, KOMFORT, VOLL);

    /** Access and erasure wait for a call back. */
    static final Line PRIVACY_CALLING_BACK =
            with(
                    PRIVACY,
                    new Line.Service(false, false, null, new Line.CallingBack(List.of("+49170"))));

    /** Their consents are remembered where the caller agrees to that. */
    static final Line REMEMBERING = line(Line.Dialog.LADDER, "human", false, LASTING);

    static final Line REMEMBERING_ALL =
            line(Line.Dialog.LADDER, "human", false, LASTING, LASTING_KOMFORT, LASTING_VOLL);
    static final Line REMEMBERING_MENU =
            line(Line.Dialog.MENU, "human", false, LASTING, LASTING_KOMFORT, LASTING_VOLL);

    /** Nobody is asked again whose remembered consent stores nothing. */
    static final Line UNASKED =
            line(questions(Line.Dialog.LADDER, Line.Remember.BASIS), LASTING, LASTING_KOMFORT);

    static final Line NEVER_REMEMBERING =
            line(questions(Line.Dialog.LADDER, Line.Remember.NEVER), LASTING);

    /** Asks after a talk how it was. */
    static final Line ASKING_BACK = with(SHORT_LADDER, new Line.Service(true, false, null, null));

    static final Line CALLING_BACK = with(NO_HUMAN, new Line.Service(true, true, null, null));
    static final Line REMINDING =
            with(SHORT_LADDER, new Line.Service(true, false, Duration.ofMinutes(10), null));

    static final Subject CALLER = new Subject("ab12");
    static final PhoneNumber NUMBER = new PhoneNumber("+491701234567");

    final VirtualTime time;
    final FaultyStore store;
    final KeepingLateJournal late = new KeepingLateJournal();
    final TestNotices notices = new TestNotices();
    final ConsentJournal journal;
    final RequestDesk requests;
    final TaskDesk tasks;

    /** Numbers that were sent the address of the information. */
    final List<PhoneNumber> links = new ArrayList<>();

    boolean sendsLinks;
    final TimeOrderedIds ids;

    /** Whether there is a place to listen to whoever is asked. */
    BooleanSupplier questionPlaces = () -> true;

    /** Whether there is one to listen to whoever talks. */
    BooleanSupplier talkPlaces = () -> true;

    /** Of the call that was made last. */
    @Nullable RecordingTargets targets;

    /** As {@link RecordingTargets#hangsUpOnceAsked}. */
    boolean hangsUpOnceAsked;

    RecordingTargets.Kind assistants = RecordingTargets.Kind.SIP;

    /** Whom an assistant names that hands over its caller. */
    String colleague = "human";

    /** What the callers' side asks for. */
    List<String> languages = List.of();

    CallListener alsoTold = _ -> {};

    /** What ends the consent of a call outside it. */
    Runnable elsewhere = this::withdrawElsewhere;

    /** What an assistant asks for, each time that it does. */
    Supplier<Purpose> wantedMore = () -> Purpose.RECORDING;

    /** While such things are said to the caller, the consent is withdrawn elsewhere. */
    Predicate<Utterance> endsWhileSaid = _ -> false;

    int openLegs;
    private @Nullable ScriptedCaller calling;

    TestWorld() {
        this(VirtualTime.START);
    }

    TestWorld(Instant start) {
        time = new VirtualTime(start);
        store = new FaultyStore(time);
        ids = new TimeOrderedIds(time, new Random(1));
        journal = new ConsentJournal(store, late, Duration.ofSeconds(2), ids);
        requests = new RequestDesk(store, Duration.ofSeconds(2), ids);
        tasks =
                new TaskDesk(
                        store,
                        number -> number.equals(NUMBER) ? CALLER : new Subject(number.text()),
                        Duration.ofSeconds(2),
                        ids);
    }

    static Level level(String id, ValidityPeriod validity, Purpose... purposes) {
        return Level.of(id, List.of(purposes), validity, Period.ofYears(3), true);
    }

    private static Level lasting(Level level) {
        return Level.of(
                level.id(),
                level.purposes(),
                ValidityPeriod.parse("P12M"),
                level.retention(),
                level.spotsPhrase());
    }

    static Line.QuestionPlan questions(Line.Dialog dialog, Line.Remember remember) {
        return new Line.QuestionPlan(dialog, 2, 2, remember);
    }

    static Line line(Line.Dialog dialog, @Nullable String human, boolean privacy, Level... levels) {
        return line(questions(dialog, Line.Remember.ASK), human, privacy, levels);
    }

    static Line line(Line.QuestionPlan questions, Level... levels) {
        return line(questions, "human", false, levels);
    }

    private static Line line(
            Line.QuestionPlan questions, @Nullable String human, boolean privacy, Level... levels) {
        return new Line(
                "demo",
                Set.of("+4930123456"),
                TestNotices.LINEAGE,
                List.of("de", "en"),
                questions,
                List.of(levels),
                "assistant",
                human == null ? List.of() : List.of(human.split(",", -1)),
                privacy,
                true,
                SERVICE,
                "*9",
                Line.DEFAULT_RENEWAL_WINDOW,
                ZoneId.of("Europe/Berlin"),
                AnswerTiming.DEFAULT);
    }

    static Line with(Line line, Line.Service service) {
        return new Line(
                line.id(),
                line.numbers(),
                line.notice(),
                line.languages(),
                line.questions(),
                line.levels(),
                line.assistant(),
                line.humans(),
                line.privacy(),
                line.confirmation(),
                service,
                line.withdrawalKeys(),
                line.renewalWindow(),
                line.zone(),
                line.timing());
    }

    static Line in(Line line, String... languages) {
        return new Line(
                line.id(),
                line.numbers(),
                line.notice(),
                List.of(languages),
                line.questions(),
                line.levels(),
                line.assistant(),
                line.humans(),
                line.privacy(),
                line.confirmation(),
                line.service(),
                line.withdrawalKeys(),
                line.renewalWindow(),
                line.zone(),
                line.timing());
    }

    CallFacts knownCaller() {
        return new CallFacts(ids.get(), "5a", "trunk", "demo", null, CALLER, true, false, true);
    }

    /** The number is claimed, but nobody we trust asserts it. */
    CallFacts claimedCaller() {
        return new CallFacts(ids.get(), "5a", "trunk", "demo", null, CALLER, true, false, false);
    }

    CallFacts withheldCaller() {
        return new CallFacts(ids.get(), "5a", "trunk", "demo", null, null, false, true, false);
    }

    Tape call(Line line, Enum<?>... events) {
        return call(line, knownCaller(), Script.of(events));
    }

    Tape call(Line line, CallFacts facts, Script script) {
        return call(line, facts, script, FaultyStore.Plan.HEALTHY);
    }

    Tape call(Line line, CallFacts facts, Script script, FaultyStore.Plan plan) {
        var tape = new Tape();
        store.follow(plan, tape);
        late.recordOnto(tape);
        targets = new RecordingTargets(script, tape, assistants);
        targets.hangsUpOnceAsked = hangsUpOnceAsked;
        var world =
                new CallServices(
                        journal,
                        requests,
                        tasks,
                        links(),
                        notices,
                        targets,
                        listener(tape),
                        new CallTime(time, time.latest(), time),
                        new Variants(new Random(2)));
        var caller =
                new ScriptedCaller(
                                time,
                                script,
                                tape,
                                facts,
                                new ScriptedCaller.Places(questionPlaces, talkPlaces),
                                elsewhere,
                                targets.colleague(colleague))
                        .asking(languages)
                        .askedFor(wantedMore)
                        .endingWhileSaid(endsWhileSaid);
        calling = caller;
        new ConsentCall(world, line, caller).run();
        openLegs = targets.openLegs();
        return tape;
    }

    private LinkSender links() {
        return new LinkSender() {
            @Override
            public boolean canSend(Notice notice) {
                return sendsLinks;
            }

            @Override
            public boolean send(PhoneNumber to, Notice notice) {
                return links.add(to);
            }
        };
    }

    /** Where the consent of the known caller stands now. */
    Standing standing() {
        store.follow(FaultyStore.Plan.HEALTHY, new Tape());
        try {
            return journal.standing(
                    CALLER,
                    new ConsentValidity(REMEMBERING_ALL.levels(), notices),
                    notices.inForce(TestNotices.LINEAGE, "de", LocalDate.EPOCH).getFirst(),
                    time.instant(),
                    time.latest().instant());
        } catch (JournalUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What another call of this caller does, such as one to the privacy line. */
    void withdrawElsewhere() {
        UUID grant =
                store.log().stream()
                        .flatMap(r -> grantOf(r).stream())
                        .reduce((_, last) -> last)
                        .orElseThrow();
        Durability _ = journal.writeNowOrLater(withdrawn(grant));
    }

    /** Ends the consents that are in use outside their calls. */
    void endElsewhere(EndOfConsent.How how) {
        if (how == EndOfConsent.How.WITHDRAWN) {
            withdrawElsewhere();
            return;
        }
        try {
            journal.inUse()
                    .look(grants ->
                            new GrantsInUse.Endings.Found(List.of(), Set.copyOf(grants), Set.of()));
        } catch (JournalUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    /** In another call. */
    ConsentRecord.Withdrawn withdrawn(UUID grant) {
        return new ConsentRecord.Withdrawn(
                ids.get(),
                time.instant(),
                knownCaller(),
                CALLER,
                TestNotices.LINEAGE,
                grant,
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                time.instant(),
                null);
    }

    /** What the caller does while the store writes the end of the talk. */
    void whileTheCutIsWritten(Consumer<ScriptedCaller> does) {
        alsoTold =
                event -> {
                    if (event instanceof CallEvent.Committed
                            && store.log().getLast() instanceof ConsentRecord.AssistantCut) {
                        does.accept(Objects.requireNonNull(calling));
                    }
                };
    }

    private static Optional<UUID> grantOf(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Given given -> Optional.of(given.id());
            case ConsentRecord.Renewed again -> Optional.of(again.id());
            default -> Optional.empty();
        };
    }

    private void recorded(Tape.Happening last) {
        if (last instanceof Tape.Happening.Committed(ConsentRecord record)
                && (record instanceof ConsentRecord.Given
                        || record instanceof ConsentRecord.Renewed
                        || record instanceof ConsentRecord.Reaffirmed
                        || record instanceof ConsentRecord.Used)) {
            Objects.requireNonNull(calling).recorded();
        }
    }

    private CallListener listener(Tape tape) {
        return event -> {
            switch (event) {
                case CallEvent.Abandoned(_, _, _, Unclear stage) ->
                        tape.add(new Tape.Happening.Abandoned(stage));
                case CallEvent.Satisfaction(_, _, int score) ->
                        tape.add(new Tape.Happening.Satisfied(score));
                case CallEvent.Helped(_, _, boolean helped) ->
                        tape.add(new Tape.Happening.Helped(helped));
                case CallEvent.Committed(_, boolean durable, _) when durable ->
                        recorded(tape.all().getLast());
                case CallEvent.Ended(CallOutcome outcome, _) ->
                        tape.add(new Tape.Happening.Ended(outcome));
                default -> {}
            }
            alsoTold.told(event);
        };
    }
}
