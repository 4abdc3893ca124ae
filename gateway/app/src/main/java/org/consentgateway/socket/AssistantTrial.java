package org.consentgateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.target.PurposeReport;
import org.consentgateway.trial.Observation;
import org.consentgateway.trial.TrialConsent;
import org.consentgateway.trial.TrialTokenSource;
import org.consentgateway.trial.TrialTokenSource.Reaction;
import org.jspecify.annotations.Nullable;

/**
 * Confined to its event loop, but for {@link #run}. A call to somebody's bot without a telephone:
 * the socket and the messages of a real call, a caller made of recorded speech, and a list of what
 * the bot does wrong.
 */
public final class AssistantTrial implements SocketLink.Events {
    private static final int FRAME_MILLIS = 20;
    private static final int FRAME_OCTETS = 160;
    private static final Duration GREETING = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(12);

    /** What it may say to the news that a purpose has ended comes within this. */
    private static final Duration AFTER_NEWS = Duration.ofSeconds(1);

    /** As long as a short question and its answer. */
    private static final Duration QUESTION = Duration.ofSeconds(4);

    /** As much as a caller would notice: it talks on after somebody has spoken into it. */
    private static final Duration BARGE_IN = Duration.ofMillis(1500);

    private final SocketTarget target;
    private final Map<String, String> headers;
    private final TrialConsent consent;
    private final TrialTokenSource tokens;
    private final short[] speech;

    /** Whether nobody may believe the token: it is only seen what it does then. */
    private final boolean wrong;

    private final EventLoop loop;
    private final AssistantTalk talk;
    private final CompletableFuture<List<Observation>> result = new CompletableFuture<>();
    private final List<Observation> findings = new ArrayList<>();
    private final Deque<Mark> marks = new ArrayDeque<>();

    private @Nullable SocketLink link;
    private Step step = Step.CONNECTING;
    private int stepFrames;
    private int frames;
    private int spoken;
    private long queued;
    private long position;
    private boolean answered;
    private boolean cleared;
    private long ignored;

    /** Read when the result is there. */
    private boolean spoke;

    /** The same: it has kept the call, and said nothing. */
    private boolean silent;

    private int lost;

    /** What it has asked for, and how many frames are left until it is told the answer. */
    private String wanted = "";

    private int untilAnswered;
    private final Set<String> granted = new HashSet<>(Set.of("assistant", "transcript"));
    private final Set<String> refused = new HashSet<>();

    /** What is tried, in this order. */
    private enum Step {
        CONNECTING,
        GREETING,
        ONE_PURPOSE_LESS,
        SPEAKING,
        ANSWER,
        SPEAKING_INTO_IT,
        AFTER_IT,
        ENDING
    }

    private record Mark(String name, long position) {}

    private AssistantTrial(
            SocketTarget target,
            TrialConsent consent,
            TrialTokenSource tokens,
            short[] speech,
            boolean wrong,
            EventLoop loop) {
        this.target = target;
        this.headers = target.headers().get();
        this.consent = consent;
        this.tokens = tokens;
        this.speech = speech.clone();
        this.wrong = wrong;
        this.loop = loop;
        var call = new NewCall(consent.call(), "+4930123456", consent.parameters());
        this.talk = target.dialect().talk(call, new ToTrial());
    }

    /**
     * Calls it once, and before that with each wrong token. Waits, for some minutes at most.
     *
     * @param tokens that it is to believe
     * @param speech what the caller says, at 8 kHz
     */
    public static List<Observation> run(
            SocketTarget target, TrialTokenSource tokens, short[] speech)
            throws InterruptedException {
        List<Observation> findings = new ArrayList<>();
        for (TrialTokenSource.Wrong each : tokens.wrong()) {
            findings.add(each.seen(reactionTo(each.consent(), target, tokens, speech)));
        }
        findings.addAll(call(target, tokens.right(), tokens, speech, false).findings());
        return findings;
    }

    static Reaction reactionTo(
            TrialConsent wrong, SocketTarget target, TrialTokenSource tokens, short[] speech)
            throws InterruptedException {
        return call(target, wrong, tokens, speech, true).reaction();
    }

    /** Immutable. What came of one call. */
    private record Seen(List<Observation> findings, Reaction reaction) {}

    private Reaction reaction() {
        if (spoke) {
            return Reaction.TALKS;
        }
        return silent ? Reaction.KEEPS_SILENT : Reaction.REFUSES;
    }

    private static Seen call(
            SocketTarget target,
            TrialConsent consent,
            TrialTokenSource tokens,
            short[] speech,
            boolean wrong)
            throws InterruptedException {
        try (SocketLoops loops = new SocketLoops()) {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(target.host()));
            var trial = new AssistantTrial(target, consent, tokens, speech, wrong, loops.next());
            trial.loop.execute(() -> trial.connect(loops, addresses));
            List<Observation> findings = trial.result.get(90, TimeUnit.SECONDS);
            return new Seen(findings, trial.reaction());
        } catch (UnknownHostException e) {
            return new Seen(
                    List.of(Observation.wrong("There is no host called " + target.host() + ".")),
                    Reaction.REFUSES);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the trial itself failed", e);
        }
    }

    private void good(String words) {
        findings.add(Observation.right(words));
    }

    private void bad(String words) {
        findings.add(Observation.wrong(words));
    }

    private void odd(String words) {
        findings.add(Observation.odd(words));
    }

    private void connect(SocketLoops loops, List<InetAddress> addresses) {
        var dialled = new SocketLink(target, headers, loop, this);
        link = dialled;
        dialled.connect(loops, addresses);
        var _ =
                loop.schedule(
                        () -> {
                            if (!answered) {
                                failed(Failure.NO_ANSWER, 0, "");
                            }
                        },
                        target.patience().ring().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    // ---- a call, 20 ms after 20 ms ----

    @Override
    public void opened() {
        talk.opened();
    }

    private void begin() {
        if (!answered) {
            answered = true;
            good("It takes the call.");
            next(Step.GREETING);
            var _ =
                    loop.scheduleAtFixedRate(
                            this::turn, FRAME_MILLIS, FRAME_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void next(Step step) {
        this.step = step;
        stepFrames = 0;
    }

    private Duration inStep() {
        return Duration.ofMillis((long) stepFrames * FRAME_MILLIS);
    }

    private void turn() {
        if (result.isDone()) {
            return;
        }
        play();
        if (step != Step.ENDING) {
            hear();
        }
        frames++;
        if (untilAnswered > 0 && step != Step.ENDING) {
            if (--untilAnswered == 0) {
                answerIt();
            }
            return; // the caller is being asked, and says nothing to it
        }
        stepFrames++;
        if (wrong) {
            reacts();
            return;
        }
        switch (step) {
            case GREETING -> greeting();
            case ONE_PURPOSE_LESS -> onePurposeLess();
            case SPEAKING -> speaking();
            case ANSWER -> answer();
            case SPEAKING_INTO_IT -> speakingIntoIt();
            case AFTER_IT -> afterIt();
            case CONNECTING, ENDING -> {}
        }
    }

    private void play() {
        position = Math.min(queued, position + FRAME_OCTETS);
        while (!marks.isEmpty() && marks.getFirst().position() <= position) {
            talk.reached(marks.removeFirst().name());
        }
    }

    private void hear() {
        short[] frame = new short[FRAME_OCTETS];
        boolean speaks =
                untilAnswered == 0 && (step == Step.SPEAKING || step == Step.SPEAKING_INTO_IT);
        if (speaks && spoken < speech.length) {
            int length = Math.min(FRAME_OCTETS, speech.length - spoken);
            System.arraycopy(speech, spoken, frame, 0, length);
            spoken += length;
        }
        SocketLink present = link;
        if (present == null) {
            return;
        }
        if (present.writable()) {
            talk.frame(frame);
        } else {
            talk.frameLost();
            lost++;
        }
    }

    /** As patient as in the right call: it may greet late, or wait until it is spoken to. */
    private void reacts() {
        if (step == Step.ENDING) {
            return;
        }
        if (spoke) {
            withdraw();
        } else if (step == Step.GREETING && inStep().compareTo(GREETING) > 0) {
            next(Step.SPEAKING);
        } else if (step == Step.SPEAKING) {
            speaking();
        } else if (step == Step.ANSWER && inStep().compareTo(ANSWER) > 0) {
            silent = true;
            withdraw();
        }
    }

    private void greeting() {
        if (queued > 0 && position == queued && marks.isEmpty()) {
            good("It greets, and its greeting ends after %.1f s.".formatted(frames / 50.0));
            talk.key('5', 100);
            lessByOne();
        } else if (queued == 0 && inStep().compareTo(GREETING) > 0) {
            odd(
                    ("It says nothing for %d s: the gateway then gives it up and calls a human,"
                                    + " unless socket.first-audio is 0s.")
                            .formatted(GREETING.toSeconds()));
            lessByOne();
        } else if (inStep().compareTo(GREETING.multipliedBy(2)) > 0) {
            odd(
                    "Its greeting lasts for more than %d s."
                            .formatted(GREETING.multipliedBy(2).toSeconds()));
            next(Step.ANSWER);
        }
    }

    /** The caller ends one purpose, and talks on. */
    private void lessByOne() {
        granted.remove("transcript");
        refused.add("transcript");
        talk.purpose(report("ended", "transcript", ""));
        next(Step.ONE_PURPOSE_LESS);
    }

    private void onePurposeLess() {
        if (inStep().compareTo(AFTER_NEWS) > 0 && position == queued) {
            good("It goes on when the caller ends one purpose (transcript).");
            spoken = 0;
            next(Step.SPEAKING);
        }
    }

    // ---- it asks for one purpose more ----

    private void asked(String purpose) {
        if (step == Step.ENDING) {
            return;
        }
        if (untilAnswered > 0) {
            odd("It asks again before it was told the answer.");
            talk.purpose(PurposeReport.pending(purpose));
            return;
        }
        if (granted.contains(purpose)) {
            odd("It asks for \"%s\", which it may do already.".formatted(purpose));
            talk.purpose(report("declined", purpose, "granted-before"));
        } else if (refused.contains(purpose)) {
            bad(
                    ("It asks for \"%s\" again, which the caller has ended or refused: a no is"
                                    + " final for the call.")
                            .formatted(purpose));
            talk.purpose(report("declined", purpose, "refused-before"));
        } else {
            wanted = purpose;
            untilAnswered = (int) (QUESTION.toMillis() / FRAME_MILLIS);
            talk.purpose(report("asking", purpose, ""));
        }
    }

    /** The first time the caller says yes. */
    private void answerIt() {
        if (refused.size() + granted.size() > 2) {
            refused.add(wanted);
            good("It asks for \"%s\", and is told no.".formatted(wanted));
            talk.purpose(report("declined", wanted, "refused"));
        } else {
            granted.add(wanted);
            good("It asks for \"%s\", and is told yes.".formatted(wanted));
            talk.purpose(report("granted", wanted, ""));
        }
    }

    private PurposeReport report(String state, String purpose, String reason) {
        boolean holds = state.equals("granted") || state.equals("ended");
        return new PurposeReport(
                state, purpose, reason, holds ? Optional.of(holds()) : Optional.empty());
    }

    private PurposeReport.Holds holds() {
        String purposes = String.join(" ", new TreeSet<>(granted));
        return new PurposeReport.Holds(
                consent.record().toString(),
                purposes,
                tokens.next(consent.call(), consent.record(), purposes));
    }

    // ---- the talk ----

    private void speaking() {
        if (spoken >= speech.length) {
            next(Step.ANSWER);
        }
    }

    private void answer() {
        if (queued - position > FRAME_OCTETS * 50L) {
            good("It answers %.1f s after the caller has stopped.".formatted(stepFrames / 50.0));
            cleared = false;
            spoken = 0;
            next(Step.SPEAKING_INTO_IT);
        } else if (inStep().compareTo(ANSWER) > 0) {
            odd(
                    ("It does not say more than a second within %d s after the caller has spoken,"
                                    + " so nothing could be spoken into.")
                            .formatted(ANSWER.toSeconds()));
            withdraw();
        }
    }

    private void speakingIntoIt() {
        if (cleared) {
            good("It stops when it is spoken into, after %.1f s.".formatted(stepFrames / 50.0));
            withdraw();
        } else if (spoken >= speech.length) {
            next(Step.AFTER_IT);
        }
    }

    private void afterIt() {
        if (cleared) {
            good("It stops when it is spoken into.");
            withdraw();
        } else if (position == queued) {
            odd("It said all it had to say before anything could be taken back.");
            withdraw();
        } else if (inStep().compareTo(BARGE_IN) > 0) {
            bad(
                    ("It talks on over the caller: it should take back what was not heard yet"
                                    + " (clear, killAudio), %.1f s of it.")
                            .formatted((queued - position) / 8000.0));
            withdraw();
        }
    }

    /** What a withdrawal looks like to it. */
    private void withdraw() {
        next(Step.ENDING);
        talk.consentEnded(
                new EndOfConsent(consent.record(), EndOfConsent.How.WITHDRAWN, Instant.EPOCH));
        talk.bye();
        SocketLink present = link;
        if (present == null) {
            finish();
            return;
        }
        present.close(
                CloseCode.NORMAL,
                "consent withdrawn",
                confirmed -> {
                    if (confirmed) {
                        good("It takes the end of the consent and closes.");
                    } else {
                        bad(
                                "It does not answer the close with 1000: the record then says"
                                        + " that it was not told.");
                    }
                    finish();
                });
    }

    private void finish() {
        if (lost > 0) {
            bad(
                    ("It does not read in time: %d times 20 ms of the caller were left out, since"
                                    + " late sound is of no use.")
                            .formatted(lost));
        }
        if (ignored > 0) {
            odd("%d of its messages mean nothing in this dialect.".formatted(ignored));
        }
        result.complete(List.copyOf(findings));
    }

    // ---- what the socket tells ----

    @Override
    public void text(ByteBuf message) throws IOException {
        talk.text(message);
    }

    @Override
    public void binary(ByteBuf message) throws IOException {
        talk.binary(message);
    }

    @Override
    public void closed(int code) {
        link = null;
        if (step == Step.ENDING) {
            return;
        }
        if (queued == 0) {
            bad(
                    "It closes (%d) before it has said anything: the caller goes to a human."
                            .formatted(code));
        } else if (CloseCode.isRegular(code)) {
            odd("It hangs up (%d) by itself after %.1f s.".formatted(code, frames / 50.0));
        } else {
            bad("Its connection breaks (%d) after %.1f s.".formatted(code, frames / 50.0));
        }
        finish();
    }

    @Override
    public void failed(Failure why, int status, String detail) {
        link = null;
        bad(words(why, status, detail));
        finish();
    }

    private String words(Failure why, int status, String detail) {
        return switch (why) {
            case NAME_NOT_FOUND -> "There is no host called " + target.host() + ".";
            case REFUSED -> "Nobody listens at " + target.url() + ".";
            case UNREACHABLE -> "It cannot be reached: " + detail;
            case NO_ANSWER -> "It does not answer the upgrade, or is not ready, in time.";
            case TLS_FAILED -> "TLS fails: " + detail;
            case UNAUTHORISED -> "It does not know us (HTTP " + status + "): check the secrets.";
            case NOT_UPGRADED -> "It does not upgrade to a WebSocket (HTTP " + status + ").";
            case CLOSED_BEFORE_AUDIO, NO_AUDIO, LOST -> "It is gone: " + detail;
            case NOT_ALIVE -> "It does not even answer pings: its event loop stands still.";
            case PROTOCOL_ERROR -> "It sends what cannot be read: " + detail;
            case TOO_MUCH_AUDIO -> "It sends more than is kept for playing, or in one message.";
        };
    }

    /** What the dialect asks for. */
    private final class ToTrial extends LinkedWire {
        ToTrial() {
            super(ByteBufAllocator.DEFAULT);
        }

        @Override
        @Nullable SocketLink link() {
            return link;
        }

        @Override
        public void answered() {
            begin();
        }

        /** A caller at a telephone, as nearly all are. */
        @Override
        public Codec sound() {
            return target.dialect().sound(false);
        }

        @Override
        public void play(byte[] octets) {
            queued += octets.length;
            spoke = true;
        }

        @Override
        public boolean mark(String name) {
            return marks.add(new Mark(name, queued));
        }

        @Override
        public StreamLeg.Cleared clear() {
            cleared = true;
            List<String> names = marks.stream().map(Mark::name).toList();
            var taken = new StreamLeg.Cleared(position, names);
            marks.clear();
            position = queued;
            return taken;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long queued() {
            return queued;
        }

        @Override
        public void asks(String purpose) {
            asked(purpose);
        }

        @Override
        public void hangUp() {
            odd("It hangs up by itself after %.1f s.".formatted(frames / 50.0));
            finish();
        }

        @Override
        public void ignored() {
            ignored++;
        }
    }
}
