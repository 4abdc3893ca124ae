package org.consentgateway.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.AnswerWindow;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.QuestionPut;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.ReplyWindow;
import org.consentgateway.call.answer.ReplyWindow.Move;
import org.consentgateway.call.answer.ReplyWindow.Prompting;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.answer.Typed;
import org.consentgateway.call.answer.TypedLine;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.call.spoken.Next;
import org.consentgateway.call.spoken.Reminder;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.consent.journal.DurableGrant;
import org.jspecify.annotations.Nullable;

/**
 * Confined to a test. A caller in virtual time who does at each wait what the script says. Answers
 * go through a real {@link AnswerWindow}.
 */
final class ScriptedCaller implements Caller {
    private static final Duration SPOKEN = Duration.ofSeconds(4);

    /** From the start of a question until it has been put. */
    private static final Duration ASKED = Duration.ofMillis(1500);

    private static final Duration FRAME = Duration.ofMillis(20);
    private static final int FRAMES = 5;

    /** More than a talk takes: who hangs up is heard to the end. */
    static final Duration LAST_WORDS = Duration.ofMillis(300);

    private static final Duration BETWEEN_KEYS = Duration.ofMillis(400);

    private static final long SAMPLES = 32_000;

    private final VirtualTime time;
    private final Script script;
    private final Tape tape;
    private CallFacts facts;
    private final Places places;
    private final Runnable elsewhere;
    private final HumanTarget colleague;
    private boolean left;

    /** Hung up right after withdrawing: the next verb finds out. */
    private boolean gone;

    /** Drained while no verb was under way; only {@link #heed} surfaces that. */
    private boolean drained;

    /** Withdrawn while no verb was under way. */
    private @Nullable ConsentWithdrawn pending;

    /** Of a withdrawal the first key is pressed. */
    private boolean begun;

    private boolean hungUp;
    private List<String> languages = List.of();
    private Supplier<Purpose> wantedMore = () -> Purpose.RECORDING;
    private Predicate<Utterance> endsWhileSaid = _ -> false;
    private Withdrawals watching = Withdrawals.NONE;
    private EndOfConsent.@Nullable How consentEnded;

    /** Whether this caller is being listened to, and will be in a talk. */
    private boolean asked;

    private boolean talkHeard;

    /** Whether there is a place now to listen to a caller who is asked, and to one who talks. */
    record Places(BooleanSupplier questions, BooleanSupplier talks) {}

    /**
     * @param elsewhere withdraws the consent of this call in another one
     * @param colleague whom an assistant may name in its place
     */
    ScriptedCaller(
            VirtualTime time,
            Script script,
            Tape tape,
            CallFacts facts,
            Places places,
            Runnable elsewhere,
            HumanTarget colleague) {
        this.elsewhere = elsewhere;
        this.colleague = colleague;
        this.time = time;
        this.script = script;
        this.tape = tape;
        this.facts = facts;
        this.places = places;
    }

    /** Asks for these languages, the best first. */
    ScriptedCaller asking(List<String> wanted) {
        languages = wanted;
        return this;
    }

    /** By an assistant that wants more. */
    ScriptedCaller askedFor(Supplier<Purpose> more) {
        wantedMore = more;
        return this;
    }

    /** Whose consent is withdrawn elsewhere while such things are said. */
    ScriptedCaller endingWhileSaid(Predicate<Utterance> ends) {
        endsWhileSaid = ends;
        return this;
    }

    /** While nothing is asked of the caller; what is pressed and said counts in an announcement. */
    enum Hearing {
        HEARS(),
        HOLDS(),
        SENDS_NOTHING(),
        LOSES_THE_PROMPT(),
        HANGS_UP(),
        IS_DRAINED(),
        PRESSES_1_AND_SAYS_YES_MEANWHILE(key('1', 500), says(Meaning.AGREE, 1000)),
        PRESSES_2_MEANWHILE(key('2', 0)),
        PRESSES_0_MEANWHILE(key('0', 1000)),
        PRESSES_4_MEANWHILE(key('4', 1000)),
        PRESSES_STAR_MEANWHILE(key('*', 1000)),
        SAYS_NO_MEANWHILE(says(Meaning.REFUSE, 3800)),
        WITHDRAWS_MEANWHILE(key('*', 1000), key('9', 1200));

        @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of records
        private final List<Input> inputs;

        Hearing(Input... inputs) {
            this.inputs = Arrays.stream(inputs).flatMap(i -> i.expand().stream()).toList();
        }

        /** Where nothing is listened to, what is pressed and said changes nothing. */
        static final List<Hearing> PROTECTED =
                Arrays.stream(values())
                        .filter(h -> h.inputs.isEmpty() || h == WITHDRAWS_MEANWHILE)
                        .toList();
    }

    enum Ringing {
        ANSWERED,
        CANCELS,
        NEVER_ACKNOWLEDGES,
        HANGS_UP_UNACKNOWLEDGED
    }

    /** While the store writes that the caller has agreed. */
    enum Recording {
        IS_RECORDED,
        WITHDRAWS_RECORDING,
        WITHDRAWS_ELSEWHERE_RECORDING,
        HANGS_UP_RECORDING
    }

    /** While a target is dialled. */
    enum Waiting {
        WAITS,
        HANGS_UP_WAITING,
        WITHDRAWS_WAITING,
        WITHDRAWS_WAITING_AND_HANGS_UP,
        WITHDRAWS_ELSEWHERE_WAITING,
        IS_DRAINED_WAITING
    }

    /** In a conversation. */
    enum Talking {
        FAR_END_HANGS_UP,
        HANGS_UP_TALKING,
        PRESSES_STAR_9,
        PRESSES_STAR_9_AND_HANGS_UP,
        SAYS_WITHDRAW,
        WITHDRAWS_ELSEWHERE,
        LOSES_FAR_END,
        NEVER_HEARS_FAR_END,
        IS_DRAINED_TALKING,
        IS_HANDED_OVER,
        IS_ASKED_FOR_MORE,
        ENDS_ONE_PURPOSE,
        SAYS_KEEP_NOTHING
    }

    private static final Set<Talking> BY_THE_FAR_END =
            EnumSet.of(
                    Talking.FAR_END_HANGS_UP,
                    Talking.LOSES_FAR_END,
                    Talking.NEVER_HEARS_FAR_END,
                    Talking.IS_HANDED_OVER);

    /** Asked for a telephone number. */
    enum Typing {
        DIALS_A_NUMBER,
        DIALS_NO_NUMBER,
        DIALS_NOTHING,
        HANGS_UP_TYPING
    }

    static final PhoneNumber TYPED = new PhoneNumber("+4930987654");

    /** In a question. Times are milliseconds since its start. */
    enum Answering {
        KEY_1(key('1', 2000)),
        KEY_2(key('2', 2000)),
        KEY_3(key('3', 2000)),
        KEY_4(key('4', 2000)),
        KEY_5(key('5', 2000)),
        KEY_7(key('7', 2000)),
        SAYS_YES(says(Meaning.AGREE, 5000)),
        TYPES_YES(types(Meaning.AGREE, 5000)),
        SAYS_A_WEAK_YES(starts(5000), weak(Meaning.AGREE, 5550)),
        SAYS_A_WEAK_THREE(starts(5000), weak(Meaning.THREE, 5550)),
        SAYS_NO(says(Meaning.REFUSE, 5000)),
        SAYS_TWO(says(Meaning.TWO, 2000)),
        SILENT(),
        MUMBLES(starts(5000), ends(5600)),
        MUMBLES_INTO_THE_PROMPT(starts(1500), ends(2100)),
        KEY_0(key('0', 1000)),
        KEY_STAR(key('*', 1000)),
        KEY_9(key('9', 1000)),
        KEYS_STAR_9(key('*', 1000), key('9', 1200)),
        SAYS_YES_WITH_KEY_2(starts(5000), key('2', 5200), words(Meaning.AGREE, 5600)),
        SAYS_YES_WITH_KEY_1(starts(5000), key('1', 5200), words(Meaning.AGREE, 5600)),
        HEDGES(says(Meaning.HEDGED, 5000)),
        SAYS_HALF_A_YES(starts(9900), ends(10_400)),
        SAYS_YES_AND_RECOGNISER_CRASHES(starts(5000), fails(5200)),
        SAYS_YES_AND_RECOGNISER_IS_LATE(starts(5000), words(Meaning.AGREE, 25_000)),
        SAYS_YES_BEFORE_THE_QUESTION(words(Meaning.AGREE, 100)),
        SAYS_YES_TOO_EARLY(starts(100), words(Meaning.AGREE, 700)),
        KEY_1_TOO_EARLY(key('1', 100)),
        KEY_1_IMPATIENTLY(key('1', 900)),
        KEY_1_IMPATIENTLY_THEN_2(key('1', 900), key('2', 2000)),
        KEY_1_BEFORE_THE_QUESTION(keyFrom('1', -200, 50)),
        KEY_2_ONCE_MORE(key('2', 300)),
        SAYS_NO_ONCE_MORE(says(Meaning.REFUSE, 400)),
        TYPES_NO_ONCE_MORE(begins(300), types(Meaning.REFUSE, 1300)),
        ASKS_FOR_A_HUMAN(says(Meaning.HUMAN, 1000)),
        ASKS_FOR_HELP(says(Meaning.HELP, 1000)),
        ASKS_FOR_A_REPEAT(says(Meaning.REPEAT, 1000)),
        SAYS_WITHDRAW_ANSWERING(says(Meaning.WITHDRAW, 1000)),
        SAYS_DELETE(says(Meaning.ERASE, 1000)),
        HOLDS_THEN_KEY_1(hold(1000), resume(61_000), key('1', 62_000)),
        YES_OF_THE_MUSIC_ON_HOLD(
                hold(1000), starts(5000), words(Meaning.AGREE, 6000), resume(61_000)),
        PROMPT_FAILS(promptFails(1000), key('1', 1100)),
        PROMPT_MEETS_NO_MEDIA(),
        HANGS_UP_ANSWERING(),
        IS_DRAINED_ANSWERING();

        @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of records
        private final List<Input> inputs;

        Answering(Input... inputs) {
            this.inputs = Arrays.stream(inputs).flatMap(i -> i.expand().stream()).toList();
        }
    }

    /** While a spoken yes rests. Times are milliseconds since it was understood. */
    enum Resting {
        SAYS_NOTHING_MORE(),
        SAYS_YES_AGAIN(says(Meaning.AGREE, 200)),
        PRESSES_1_TOO(key('1', 300)),
        SAYS_NO_AFTER_ALL(says(Meaning.REFUSE, 700)),
        TYPES_NO_AFTER_ALL(begins(700), types(Meaning.REFUSE, 1900)),
        SAYS_SOMETHING_MORE(starts(700), ends(1400)),
        HEDGES_AFTER_ALL(says(Meaning.HEDGED, 100)),
        PRESSES_2_AFTER_ALL(key('2', 200)),
        PRESSES_0_AFTER_ALL(key('0', 200)),
        PRESSES_STAR_AFTER_ALL(key('*', 200)),
        WITHDRAWS_RESTING(key('*', 200), key('9', 400)),
        ASKS_FOR_A_HUMAN_AFTER_ALL(says(Meaning.HUMAN, 400)),
        RECOGNISER_CRASHES_RESTING(fails(100)),
        TALKS_ON_AND_ON(starts(300)),
        HOLDS_RESTING(hold(100), starts(5000), words(Meaning.REFUSE, 6000), resume(61_000)),
        HANGS_UP_RESTING(),
        IS_DRAINED_RESTING();

        /** After which the yes still stands. */
        static final Set<Resting> STANDS =
                EnumSet.of(SAYS_NOTHING_MORE, SAYS_YES_AGAIN, PRESSES_1_TOO, HOLDS_RESTING);

        /** After which what was chosen by key still stands, where it rests. */
        static final Set<Resting> KEY_STANDS =
                EnumSet.of(
                        SAYS_NOTHING_MORE,
                        SAYS_YES_AGAIN,
                        SAYS_SOMETHING_MORE,
                        RECOGNISER_CRASHES_RESTING,
                        TALKS_ON_AND_ON,
                        HOLDS_RESTING);

        /** After which a spoken two still stands. */
        static final Set<Resting> TWO_STANDS =
                EnumSet.of(SAYS_NOTHING_MORE, PRESSES_2_AFTER_ALL, HOLDS_RESTING);

        @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of records
        private final List<Input> inputs;

        Resting(Input... inputs) {
            this.inputs = Arrays.stream(inputs).flatMap(i -> i.expand().stream()).toList();
        }
    }

    /** One thing that reaches the window. */
    private record Input(
            long atMillis, BiFunction<ReplyWindow, Long, Move> what, List<Input> more) {
        List<Input> expand() {
            return more.isEmpty() ? List.of(this) : more;
        }
    }

    private static Input at(long millis, BiFunction<ReplyWindow, Long, Move> what) {
        return new Input(millis, what, List.of());
    }

    private static Input key(char digit, long millis) {
        return at(millis, (w, now) -> w.keyDown(digit, now, now));
    }

    private static Input keyFrom(char digit, long downMillis, long arrivedMillis) {
        long before = (arrivedMillis - downMillis) * 1_000_000;
        return at(arrivedMillis, (w, now) -> w.keyDown(digit, now - before, now));
    }

    private static Input starts(long millis) {
        return at(millis, ReplyWindow::speechStarted);
    }

    private static Input ends(long millis) {
        return at(millis, ReplyWindow::nothing);
    }

    private static Input fails(long millis) {
        return at(millis, ReplyWindow::recogniserFailed);
    }

    private static Input words(Meaning meaning, long millis) {
        return at(
                millis,
                (w, now) -> w.words(meaning, new SpokenWords("jawohl"), 0.9, 300, false, now));
    }

    private static Input begins(long millis) {
        return at(millis, ReplyWindow::typing);
    }

    private static Input types(Meaning meaning, long millis) {
        var line = new TypedLine(meaning, null, new SpokenWords("jawohl"), true);
        return at(millis, (w, now) -> w.typed(line, now));
    }

    private static Input weak(Meaning meaning, long millis) {
        return at(
                millis, (w, now) -> w.words(meaning, new SpokenWords("klar"), 0.9, 300, true, now));
    }

    private static Input says(Meaning meaning, long millis) {
        return new Input(
                millis,
                (_, _) -> Move.NOTHING,
                List.of(starts(millis), words(meaning, millis + 550)));
    }

    private static Input hold(long millis) {
        return at(millis, (w, now) -> w.held(true, now));
    }

    private static Input resume(long millis) {
        return at(millis, (w, now) -> w.held(false, now));
    }

    private static Input promptFails(long millis) {
        return at(
                millis,
                (w, now) ->
                        w.promptEnded(new Said(SAMPLES, 8000, 0, true, Said.End.SEND_FAILED), now));
    }

    private <E extends Enum<E>> E choose(Class<E> events) {
        return choose(List.of(events.getEnumConstants()));
    }

    private <E extends Enum<E>> E choose(List<E> events) {
        if (left || hungUp) {
            throw new IllegalStateException("the call is over");
        }
        if (gone) {
            throw hangsUp();
        }
        surface();
        E event = script.next(events);
        tape.chose(event);
        return event;
    }

    private CallEnded leave(CallEnded.How how, @Nullable Said said) {
        left = true;
        tape.add(new Tape.Happening.CallerLeft());
        return new CallEnded(how, said);
    }

    private CallEnded hangsUp() {
        return leave(CallEnded.How.CALLER_HUNG_UP, null);
    }

    private CallDrained drained() {
        tape.add(new Tape.Happening.Drained());
        return new CallDrained();
    }

    @Override
    public CallFacts facts() {
        return facts;
    }

    @Override
    public List<String> languages() {
        return languages;
    }

    @Override
    public void ring() {
        tape.add(new Tape.Happening.Rang());
    }

    @Override
    public void answer() {
        Ringing ringing = choose(Ringing.class);
        if (ringing == Ringing.CANCELS) {
            throw leave(CallEnded.How.CANCELLED, null);
        }
        if (ringing == Ringing.ANSWERED) {
            tape.add(new Tape.Happening.Answered());
            facts = facts.answered(time.instant());
            return;
        }
        time.pass(Duration.ofSeconds(32));
        throw leave(
                ringing == Ringing.NEVER_ACKNOWLEDGES
                        ? CallEnded.How.TRANSPORT_FAILED
                        : CallEnded.How.CALLER_HUNG_UP,
                null);
    }

    @Override
    public boolean hears(String language) {
        asked = asked || places.questions().getAsBoolean();
        return asked;
    }

    @Override
    public boolean hearsWithdrawal(String language) {
        talkHeard = talkHeard || places.talks().getAsBoolean();
        return talkHeard;
    }

    @Override
    public String model(String language) {
        return "22";
    }

    @Override
    public Said say(Utterance utterance) {
        Hearing hearing = choose(Hearing.PROTECTED);
        time.pass(hearing == Hearing.HANGS_UP ? SPOKEN.dividedBy(2) : SPOKEN);
        Said said = said(hearing);
        if (endsWhileSaid.test(utterance)) {
            EndOfConsent.How _ = withdrawsElsewhere();
        }
        spoken(utterance, said);
        if (hearing == Hearing.WITHDRAWS_MEANWHILE) {
            withdraws(Method.KEY);
        }
        return stays(hearing, said);
    }

    private static Said said(Hearing hearing) {
        return switch (hearing) {
            case HOLDS -> new Said(SAMPLES, SAMPLES, 900, true, Said.End.COMPLETED);
            case SENDS_NOTHING -> new Said(SAMPLES, SAMPLES, 0, false, Said.End.COMPLETED);
            case LOSES_THE_PROMPT -> new Said(SAMPLES, 100, 0, true, Said.End.SEND_FAILED);
            case HANGS_UP, IS_DRAINED ->
                    new Said(SAMPLES, SAMPLES / 2, 0, true, Said.End.CALLER_GONE);
            default -> new Said(SAMPLES, SAMPLES, 0, true, Said.End.COMPLETED);
        };
    }

    private void spoken(Utterance utterance, Said said) {
        tape.add(
                new Tape.Happening.Spoken(
                        utterance.notice().language(), utterance.parts(), said.heard()));
    }

    private static final Said INTERRUPTED = new Said(SAMPLES, 8000, 0, true, Said.End.BARGED_IN);

    private void withdraws(Method method) {
        withdraws(method, () -> {});
    }

    /**
     * Surfaces where a consent can end; changes nothing where none can.
     *
     * @param first done before it surfaces
     */
    private void withdraws(Method method, Runnable first) {
        tape.add(new Tape.Happening.TriesToWithdraw());
        if (watched(method)) {
            first.run();
            throw withdrawn(method, null);
        }
    }

    private boolean watched(Method method) {
        return method == Method.KEY
                ? watching.keys().equals("*9")
                : watching.phrase() && hearsWithdrawal(watching.language());
    }

    private ConsentWithdrawn withdrawn(Method method, @Nullable Instant cutAt) {
        tape.add(new Tape.Happening.Withdrew(time.instant()));
        return new ConsentWithdrawn(method, time.instant(), cutAt).during(INTERRUPTED);
    }

    private Said stays(Hearing hearing, Said said) {
        return switch (hearing) {
            case HANGS_UP -> throw leave(CallEnded.How.CALLER_HUNG_UP, said);
            case IS_DRAINED -> throw drained();
            default -> said;
        };
    }

    @Override
    public Announced announce(
            List<Utterance> before,
            Utterance announcement,
            Expecting expecting,
            AnswerTiming timing) {
        Hearing hearing = choose(Hearing.class);
        long start = time.getAsLong();
        before.forEach(each -> spoken(each, said(Hearing.HEARS)));
        if (hearing == Hearing.WITHDRAWS_MEANWHILE) {
            withdraws(Method.KEY, () -> spoken(announcement, INTERRUPTED));
        }
        Said whole = said(hearing);
        long ends = start + (hearing == Hearing.HANGS_UP ? SPOKEN.dividedBy(2) : SPOKEN).toNanos();
        var open = new Open(AnswerWindow.ofAnnouncement(expecting, timing, start), start, ends);
        Reply reply = open.until(whole, new ArrayDeque<>(hearing.inputs));
        spoken(announcement, open.said);
        return Announced.of(stays(hearing, open.said), reply);
    }

    @Override
    public Reply ask(Utterance question, Expecting expecting, AnswerTiming timing) {
        tape.add(new Tape.Happening.Asked(question.notice().language(), question.parts()));
        Answering answering = choose(Answering.class);
        if (answering == Answering.KEYS_STAR_9) {
            withdraws(Method.KEY);
        }
        long start = time.getAsLong();
        var window = new AnswerWindow(expecting, timing, start, QuestionPut.after(ASKED));
        var inputs = new ArrayDeque<>(answering.inputs);
        boolean aliveMedia = answering != Answering.PROMPT_MEETS_NO_MEDIA;
        if (answering == Answering.HANGS_UP_ANSWERING) {
            inputs.add(
                    at(
                            3000,
                            (_, _) -> {
                                throw hangsUp();
                            }));
        }
        if (answering == Answering.IS_DRAINED_ANSWERING) {
            inputs.add(
                    at(
                            3000,
                            (_, _) -> {
                                throw drained();
                            }));
        }
        long promptEnds = start + SPOKEN.toNanos();
        if (answering.name().contains("HOLD")) {
            promptEnds += 60_000_000_000L;
        }
        return new Open(window, start, promptEnds)
                .until(new Said(SAMPLES, SAMPLES, 0, aliveMedia, Said.End.COMPLETED), inputs);
    }

    @Override
    public Reply rest(Reply.Meant yes, Next next, Expecting expecting, AnswerTiming timing) {
        Resting resting = choose(Resting.class);
        if (resting == Resting.WITHDRAWS_RESTING) {
            withdraws(Method.KEY);
        }
        long start = time.getAsLong();
        var inputs = new ArrayDeque<>(resting.inputs);
        if (resting == Resting.HANGS_UP_RESTING) {
            inputs.add(
                    at(
                            500,
                            (_, _) -> {
                                throw hangsUp();
                            }));
        }
        if (resting == Resting.IS_DRAINED_RESTING) {
            inputs.add(
                    at(
                            500,
                            (_, _) -> {
                                throw drained();
                            }));
        }
        tape.add(new Tape.Happening.Rests(next.utterance().parts()));
        var window = ReplyWindow.resting(yes, expecting, timing, next.question(), start, ASKED);
        return new Open(window, start, start + SPOKEN.toNanos()).until(said(Hearing.HEARS), inputs);
    }

    /** A prompt under way, and what it is answered with. */
    private final class Open {
        private final ReplyWindow window;
        private final long start;
        private final long promptEnds;
        private boolean promptOver;

        /** How far the prompt came. */
        private Said said = new Said(SAMPLES, 0, 0, true, Said.End.BARGED_IN);

        Open(ReplyWindow window, long start, long promptEnds) {
            this.window = window;
            this.start = start;
            this.promptEnds = promptEnds;
        }

        Reply until(Said whole, Queue<Input> inputs) {
            while (true) {
                Input next = inputs.peek();
                long input = next == null ? Long.MAX_VALUE : start + next.atMillis() * 1_000_000;
                long prompt = promptOver ? Long.MAX_VALUE : promptEnds;
                long soonest = Math.min(input, Math.min(prompt, window.nextTick()));
                if (soonest == Long.MAX_VALUE) {
                    throw new IllegalStateException("the question never ends");
                }
                time.passNanos(Math.max(0, soonest - time.getAsLong()));
                long now = time.getAsLong();
                Move move;
                if (next != null && soonest == input) {
                    inputs.remove();
                    move = next.what().apply(window, now);
                } else if (soonest == prompt) {
                    move = promptOver(whole, now);
                } else {
                    move = window.tick(now);
                }
                if (move.prompt() == Prompting.STOPPED && !promptOver) {
                    long sent = (now - start) * 8 / 1_000_000;
                    boolean alive = whole.mediaAlive();
                    Move after =
                            promptOver(new Said(SAMPLES, sent, 0, alive, Said.End.BARGED_IN), now);
                    move = move.reply() == null ? after : move;
                }
                if (move.reply() != null) {
                    return move.reply();
                }
            }
        }

        private Move promptOver(Said how, long now) {
            promptOver = true;
            said = how;
            return window.promptEnded(how, now);
        }
    }

    @Override
    public void watch(Withdrawals next) {
        watching = next;
    }

    /** What the caller does while the store writes the grant: the next verb finds out. */
    void recorded() {
        switch (choose(Recording.class)) {
            case IS_RECORDED -> {}
            case WITHDRAWS_RECORDING -> withdrawsBetweenVerbs();
            case WITHDRAWS_ELSEWHERE_RECORDING -> {
                elsewhere.run();
                tape.add(new Tape.Happening.ConsentEnded());
            }
            case HANGS_UP_RECORDING -> hangsUpBetweenVerbs();
        }
    }

    /** By key, while no verb is under way. */
    void withdrawsBetweenVerbs() {
        tape.add(new Tape.Happening.TriesToWithdraw());
        pending = withdrawn(Method.KEY, null);
    }

    /** While no verb is under way. */
    void hangsUpBetweenVerbs() {
        gone = true;
    }

    /** While no verb is under way. */
    void isDrainedBetweenVerbs() {
        drained = true;
    }

    @Override
    public void heed() {
        if (drained) {
            drained = false;
            throw drained();
        }
        if (gone) {
            throw hangsUp();
        }
        surface();
    }

    /** The first key of a withdrawal is pressed; the other follows unless we hang up first. */
    void beginsToWithdraw() {
        begun = true;
    }

    @Override
    public void hearOut() {
        if (begun) {
            begun = false;
            time.pass(BETWEEN_KEYS);
            withdraws(Method.KEY);
        }
        heed();
    }

    private void surface() {
        ConsentWithdrawn how = pending;
        pending = null;
        if (how != null) {
            throw how;
        }
    }

    @Override
    public Dialled<AssistantEnd> awaitAssistant(
            Dialling<AssistantEnd> dialling, Utterance meanwhile) {
        if (waits(dialling, meanwhile) == Waiting.WITHDRAWS_ELSEWHERE_WAITING) {
            dialling.cancel(Ending.CONSENT_WITHDRAWN);
            return new Dialled.EndedElsewhere(withdrawsElsewhere());
        }
        return dialling.result().toCompletableFuture().join();
    }

    @Override
    public Dialled<HumanEnd> awaitHuman(Dialling<HumanEnd> dialling, Utterance meanwhile) {
        asked = false;
        waits(dialling, meanwhile);
        return dialling.result().toCompletableFuture().join();
    }

    private Waiting waits(Dialling<?> dialling, Utterance meanwhile) {
        Waiting waiting = choose(Waiting.class);
        if (!meanwhile.parts().isEmpty()) {
            tape.add(
                    new Tape.Happening.Spoken(
                            meanwhile.notice().language(), meanwhile.parts(), true));
            time.pass(SPOKEN);
        }
        time.pass(Duration.ofSeconds(2));
        if (waiting == Waiting.HANGS_UP_WAITING) {
            dialling.cancel(Ending.NORMAL);
            throw hangsUp();
        }
        if (waiting == Waiting.IS_DRAINED_WAITING) {
            dialling.cancel(Ending.DRAINED);
            throw drained();
        }
        if (waiting == Waiting.WITHDRAWS_WAITING
                || waiting == Waiting.WITHDRAWS_WAITING_AND_HANGS_UP) {
            withdraws(
                    Method.KEY,
                    () -> {
                        dialling.cancel(Ending.CONSENT_WITHDRAWN);
                        gone = waiting == Waiting.WITHDRAWS_WAITING_AND_HANGS_UP;
                    });
        }
        return waiting;
    }

    @Override
    public @Nullable PhoneNumber number() {
        return facts.callerIdPresent() ? TestWorld.NUMBER : null;
    }

    @Override
    public Typed type(Utterance prompt, String begun) {
        if (!prompt.parts().isEmpty()) {
            spoken(prompt, said(Hearing.HEARS));
        }
        Typing typing = choose(Typing.class);
        time.pass(SPOKEN);
        return switch (typing) {
            case DIALS_A_NUMBER -> dialled(begun.isEmpty() ? "030987654" : begun + "23");
            case DIALS_NO_NUMBER -> new Typed.NoNumber();
            case DIALS_NOTHING -> new Typed.Nothing();
            case HANGS_UP_TYPING -> throw hangsUp();
        };
    }

    private static Typed dialled(String digits) {
        return PhoneNumber.is(digits)
                ? new Typed.Whole(
                        new PhoneNumber("+49" + digits.substring(1)), new PhoneNumber(digits))
                : new Typed.NoNumber();
    }

    @Override
    public BridgeEnd converse(
            AssistantEnd assistant, DurableGrant grant, @Nullable Reminder reminder) {
        if (consentEnded != null) {
            return new BridgeEnd.EndedElsewhere(consentEnded); // the gate stays shut
        }
        if (assistant.over()) {
            return new BridgeEnd.FarEndHungUp();
        }
        Talking talking = choose(Talking.class);
        asked = false;
        tape.hears(assistant, facts.callId(), grant);
        if (!grant.call().equals(facts.callId())) {
            throw new IllegalArgumentException("the grant is of another call");
        }
        UUID record = grant.record();
        tape.add(new Tape.Happening.GateOpened(record, grant.purposes()));
        for (int i = 0; i < FRAMES; i++) {
            time.pass(FRAME);
            tape.add(new Tape.Happening.AudioToAssistant(time.getAsLong()));
        }
        if (reminder != null) {
            time.pass(reminder.every());
            Instant started = time.instant();
            spoken(reminder.utterance(), said(Hearing.HEARS));
            time.pass(SPOKEN);
            reminder.said().accept(started, said(Hearing.HEARS));
        }
        if (BY_THE_FAR_END.contains(talking)
                && assistant instanceof RecordingTargets.AnsweredAssistant itself) {
            itself.leaves();
        }
        return switch (talking) {
            case FAR_END_HANGS_UP -> new BridgeEnd.FarEndHungUp();
            case LOSES_FAR_END -> new BridgeEnd.Lost(true);
            case NEVER_HEARS_FAR_END -> new BridgeEnd.Lost(false);
            case HANGS_UP_TALKING -> throw hangsUpTalking();
            case IS_DRAINED_TALKING -> throw drained();
            case PRESSES_STAR_9, PRESSES_STAR_9_AND_HANGS_UP, SAYS_WITHDRAW ->
                    withdrawsTalking(talking);
            case WITHDRAWS_ELSEWHERE -> new BridgeEnd.EndedElsewhere(withdrawsElsewhere());
            case IS_HANDED_OVER -> new BridgeEnd.Referred(colleague);
            case IS_ASKED_FOR_MORE -> new BridgeEnd.Asked(wantedMore.get());
            case ENDS_ONE_PURPOSE -> new BridgeEnd.LessWanted(Method.TEXT, true); // its keys, typed
            case SAYS_KEEP_NOTHING -> new BridgeEnd.LessWanted(Method.SPEECH);
        };
    }

    /** It surfaces when the last words have been heard. */
    private CallEnded hangsUpTalking() {
        CallEnded ended = hangsUp().at(time.instant());
        time.pass(LAST_WORDS);
        return ended;
    }

    private EndOfConsent.How withdrawsElsewhere() {
        elsewhere.run();
        EndOfConsent.How how = consentEnded;
        if (how == null) {
            throw new IllegalStateException("this call was not told");
        }
        tape.add(new Tape.Happening.ConsentEnded());
        return how;
    }

    @Override
    public void consentEnded(EndOfConsent.How how) {
        consentEnded = how;
    }

    private BridgeEnd withdrawsTalking(Talking how) {
        Method method = how == Talking.SAYS_WITHDRAW ? Method.SPEECH : Method.KEY;
        tape.add(new Tape.Happening.TriesToWithdraw());
        if (!watched(method)) {
            return new BridgeEnd.FarEndHungUp();
        }
        gone = how == Talking.PRESSES_STAR_9_AND_HANGS_UP;
        Instant at = time.instant();
        time.pass(Duration.ofMillis(10));
        tape.add(new Tape.Happening.Withdrew(time.instant()));
        throw new ConsentWithdrawn(method, at, time.instant());
    }

    @Override
    public BridgeEnd talk(HumanEnd human, Consumer<ConsentWithdrawn> withdrawn) {
        Talking talking = choose(Talking.class);
        tape.hears(human, facts.callId(), null);
        time.pass(Duration.ofSeconds(30));
        if (talking != Talking.NEVER_HEARS_FAR_END) {
            tape.add(new Tape.Happening.TalkedToHuman());
        }
        return switch (talking) {
            case FAR_END_HANGS_UP,
                    WITHDRAWS_ELSEWHERE,
                    IS_HANDED_OVER,
                    IS_ASKED_FOR_MORE,
                    ENDS_ONE_PURPOSE,
                    SAYS_KEEP_NOTHING ->
                    new BridgeEnd.FarEndHungUp();
            case PRESSES_STAR_9, PRESSES_STAR_9_AND_HANGS_UP, SAYS_WITHDRAW -> {
                Method method = talking == Talking.SAYS_WITHDRAW ? Method.SPEECH : Method.KEY;
                tape.add(new Tape.Happening.TriesToWithdraw());
                if (watched(method)) {
                    withdrawn.accept(withdrawn(method, null));
                }
                yield new BridgeEnd.FarEndHungUp();
            }
            case LOSES_FAR_END -> new BridgeEnd.Lost(true);
            case NEVER_HEARS_FAR_END -> new BridgeEnd.Lost(false);
            case HANGS_UP_TALKING -> throw hangsUp();
            case IS_DRAINED_TALKING -> throw drained();
        };
    }

    @Override
    public void hangUp(Ending why) {
        if (!hungUp) {
            tape.add(new Tape.Happening.CallerHungUp(why));
        }
        hungUp = true;
    }

    @Override
    public MediaQuality quality() {
        return MediaQuality.NONE;
    }

    /** No script has another system in it. */
    @Override
    public boolean ask(Purpose purpose) {
        return false;
    }

    @Override
    public void drain() {
        throw new UnsupportedOperationException("the script says when to drain");
    }
}
