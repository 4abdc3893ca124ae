package org.consentgateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.call.far.Notified;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.target.FarLeg;
import org.consentgateway.target.PurposeReport;
import org.consentgateway.target.PurposeRequests;
import org.consentgateway.tracing.TraceParent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call with an assistant over its socket, from dialling to the end. Confined to the socket's
 * event loop, but for what {@link Dialling} and {@link SocketAssistantEnd} promise; its sound comes
 * from the media's event loop and is handed over.
 */
final class SocketCall implements Dialling<AssistantEnd>, StreamLeg.Receiver, SocketLink.Events {
    private static final Logger LOG = LoggerFactory.getLogger(SocketCall.class);

    /** Frames and keys on their way between the loops; more only if this one stands still. */
    private static final int MOST_WAITING = 50;

    /**
     * What an assistant has said before it hung up or asked is still heard; so long it may wait
     * while the caller hears us.
     */
    private static final Duration LAST_WORDS = Duration.ofSeconds(15);

    private static final int FRAME_MILLIS = 20;

    /** Before a name of ours among the peer's marks: none of theirs may begin with it. */
    private static final String OURS = "\u0000";

    /** Characters of a mark's name; whoever numbers or dates them has enough. */
    private static final int MOST_NAME = 1000;

    private static final String END = OURS + "end";

    /**
     * The same for a request for one more purpose: it is put when what it said before was heard.
     */
    private static final String ASKS = OURS + "asks";

    private static final Executor MAY_WAIT = task -> Thread.ofVirtual().name("holder").start(task);

    private final SocketTarget target;
    private final NewCall newCall;
    private final SocketTotals.OfOne totals;
    private final SocketStanding standing;
    private final EventLoop loop;
    private final StreamLeg leg;
    private final AssistantTalk talk;
    private final Surroundings around;
    private final PurposeRequests requests = new PurposeRequests();
    private final CompletableFuture<Dialled<AssistantEnd>> result = new CompletableFuture<>();
    private final CompletableFuture<FarLeg.End> ended = new CompletableFuture<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Set on the media's event loop. */
    private volatile boolean cut;

    /** What it asks for, until what it said before was heard. */
    private @Nullable Purpose wanted;

    /** So many requests for one more purpose were put or taken back. */
    private int requestsPut;

    private FarLeg.End afterLastWords = new FarLeg.End.HungUp();
    private @Nullable SocketLink link;
    private Phase phase = Phase.DIALLING;
    private boolean audioCame;

    private enum Phase {
        DIALLING,
        ANSWERED,
        /** It has hung up, and its last words are being played. */
        LAST_WORDS,
        OVER
    }

    /** Who is told how it goes with this assistant. */
    record Watchers(SocketTotals.OfOne totals, SocketStanding standing) {}

    /**
     * Immutable. What one call needs of the whole.
     *
     * @param leg opens its media
     * @param reports what it is told of one purpose, with a token for what holds then
     * @param left told once, when nothing is left of it
     */
    record Surroundings(
            Function<StreamLeg.Receiver, StreamLeg> leg,
            Function<PurposeNews, PurposeReport> reports,
            Consumer<SocketCall> left) {}

    SocketCall(
            SocketTarget target,
            NewCall newCall,
            Watchers watchers,
            EventLoop loop,
            Surroundings around) {
        this.target = target;
        this.newCall = newCall;
        this.totals = watchers.totals();
        this.standing = watchers.standing();
        this.loop = loop;
        this.around = around;
        this.leg = around.leg().apply(this);
        this.talk = target.dialect().talk(newCall, new ToPeer());
    }

    PurposeRequests requests() {
        return requests;
    }

    StreamLeg leg() {
        return leg;
    }

    CompletionStage<FarLeg.End> ended() {
        return ended;
    }

    // ---- dialling ----

    /** On a thread that may wait. */
    void start(SocketLoops loops) {
        onLoop(() -> after(target.patience().ring(), () -> notInTime("not ready in time")));
        List<InetAddress> addresses;
        Map<String, String> headers;
        try {
            headers = upgrade();
            addresses = List.of(InetAddress.getAllByName(target.host()));
        } catch (UnknownHostException e) {
            onLoop(() -> failed(Failure.NAME_NOT_FOUND, 0, target.host()));
            return;
        } catch (RuntimeException e) {
            onLoop(() -> failed(Failure.UNAUTHORISED, 0, String.valueOf(e.getMessage())));
            return;
        }
        onLoop(() -> connect(loops, headers, addresses));
    }

    /** Who we are, and where in a trace this call belongs. */
    private Map<String, String> upgrade() {
        var headers = new LinkedHashMap<>(target.headers().get());
        String trace = newCall.parameters().get(TraceParent.NAME);
        if (trace != null) {
            headers.put(TraceParent.NAME, trace);
        }
        return headers;
    }

    private void connect(
            SocketLoops loops, Map<String, String> headers, List<InetAddress> addresses) {
        if (phase == Phase.DIALLING) {
            var dialled = new SocketLink(target, headers, loop, this);
            link = dialled;
            dialled.connect(loops, addresses);
        }
    }

    private void notInTime(String detail) {
        if (phase == Phase.DIALLING) {
            failed(Failure.NO_ANSWER, 0, detail);
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // we shut down, and with the loop all its sockets
            result.complete(new Dialled.NotReached<>(Dialled.Why.UNREACHABLE, 0));
            ended.complete(new FarLeg.End.Lost());
        }
    }

    private void after(Duration time, Runnable task) {
        var _ = loop.schedule(task, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<Dialled<AssistantEnd>> result() {
        return result;
    }

    @Override
    public void cancel(Ending why) {
        onLoop(() -> {
            if (result.complete(new Dialled.NotReached<>(Dialled.Why.NO_ANSWER, 0))) {
                hangUpNow(why);
            }
        });
    }

    // ---- what the socket tells ----

    @Override
    public void opened() {
        talk.opened();
    }

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
        if (phase == Phase.OVER) {
            return;
        }
        if (!audioCame) {
            failed(Failure.CLOSED_BEFORE_AUDIO, 0, "code " + code);
        } else if (CloseCode.isRegular(code)) {
            lastWords();
        } else {
            failed(Failure.LOST, 0, "code " + code);
        }
    }

    private void lastWords() {
        phase = Phase.LAST_WORDS;
        leg.mark(END);
        after(untilPlayed().plus(LAST_WORDS), () -> over(afterLastWords));
    }

    /** What it takes to play all that is queued. */
    private Duration untilPlayed() {
        long octets = leg.queued() - leg.position();
        return Duration.ofMillis(octets * FRAME_MILLIS / leg.codec().frameOctets());
    }

    @Override
    public void failed(Failure why, int status, String detail) {
        if (phase == Phase.OVER) {
            return;
        }
        totals.failed(why);
        if (phase == Phase.DIALLING) {
            standing.failedCall(why, status);
        }
        LOG.atWarn()
                .addKeyValue("assistant", target.name())
                .addKeyValue("call_id", newCall.call())
                .addKeyValue("reason", why.name().toLowerCase(Locale.ROOT))
                .addKeyValue("status", status)
                .addKeyValue("detail", detail)
                .addKeyValue("before_audio", !audioCame)
                .log("assistant failed");
        result.complete(new Dialled.NotReached<>(why.why(), status));
        if (link != null) {
            link.close(why.closeCode(), "", _ -> {});
        }
        over(new FarLeg.End.Lost());
    }

    // ---- what the caller's side gives; on the media's event loop ----

    @Override
    public void frame(short[] samples) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            totals.frameLost();
            return;
        }
        onLoop(() -> {
            waiting.decrementAndGet();
            SocketLink present = link;
            if (phase != Phase.ANSWERED || cut || present == null) {
                return;
            }
            if (present.writable()) {
                talk.frame(samples);
            } else {
                talk.frameLost();
                totals.frameLost();
            }
        });
    }

    @Override
    public void key(char digit, int durationMillis) {
        onLoop(() -> {
            if (phase == Phase.ANSWERED && !cut) {
                talk.key(digit, durationMillis);
            }
        });
    }

    @Override
    public void reached(String mark) {
        onLoop(() -> {
            if (mark.equals(END)) {
                over(afterLastWords);
            } else if (mark.equals(ASKS)) {
                ask();
            } else if (phase == Phase.ANSWERED) {
                talk.reached(mark);
            }
        });
    }

    @Override
    public void cut() {
        cut = true;
    }

    // ---- one purpose more or less ----

    /** It has asked, and all that it said before was heard, or was taken back, or was too much. */
    private void ask() {
        Purpose purpose = wanted;
        wanted = null;
        requestsPut++;
        if (purpose != null && phase == Phase.ANSWERED && !requests.ask(purpose)) {
            talk.purpose(PurposeReport.pending(purpose.id()));
        }
    }

    private void askUnlessAsked(int which) {
        if (which == requestsPut) {
            ask();
        }
    }

    /** As {@link AssistantEnd#told}. On the call's thread. */
    void told(PurposeNews news) {
        PurposeReport report = around.reports().apply(news);
        requests.told(news);
        onLoop(() -> {
            if (phase == Phase.ANSWERED && !cut) {
                talk.purpose(report);
            }
        });
    }

    // ---- the end ----

    /** The caller's side has ended it. Any thread. */
    void hangUp(Ending why) {
        onLoop(() -> hangUpNow(why));
    }

    private void hangUpNow(Ending why) {
        if (phase == Phase.OVER) {
            return;
        }
        leg.close();
        sayGoodbye(CloseCode.of(why), CloseCode.words(why), _ -> {});
        over(new FarLeg.End.Lost());
    }

    private void sayGoodbye(int code, String reason, Consumer<Boolean> confirmed) {
        SocketLink present = link;
        if (present == null) {
            confirmed.accept(false);
            return;
        }
        if (phase == Phase.ANSWERED) {
            talk.bye();
        }
        present.close(code, reason, confirmed);
    }

    /** As {@link AssistantEnd#consentEnded}. */
    CompletionStage<Notified> consentEnded(EndOfConsent end) {
        var confirmed = new CompletableFuture<Boolean>();
        cut = true;
        leg.mute();
        onLoop(() -> {
            if (phase == Phase.ANSWERED && link != null) {
                talk.consentEnded(end);
                Ending why = Ending.of(end.how());
                sayGoodbye(CloseCode.NORMAL, CloseCode.words(why), confirmed::complete);
                over(new FarLeg.End.Lost());
            } else {
                confirmed.complete(false);
                if (phase == Phase.LAST_WORDS) {
                    over(new FarLeg.End.Lost()); // nobody hears them any more
                }
            }
        });
        return confirmed
                .completeOnTimeout(false, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
                .thenApplyAsync(yes -> new Notified(yes, yes ? "CLOSE" : ""), MAY_WAIT);
    }

    boolean isWith(String assistant) {
        return target.name().equals(assistant);
    }

    /** The assistant has asked for it by another way than its socket. Any thread. */
    SocketCall hangUpByAssistant() {
        onLoop(() -> endedByAssistant(new FarLeg.End.HungUp()));
        return this;
    }

    /** It asks for somebody else in its place: from here on it hears nothing. Any thread. */
    SocketCall refer(HumanTarget to) {
        onLoop(() -> {
            if (phase == Phase.LAST_WORDS) {
                // It has closed first: what it said before is still heard.
                afterLastWords = new FarLeg.End.Referred(to);
            } else if (phase == Phase.ANSWERED) {
                cut = true;
                leg.mute();
                endedByAssistant(new FarLeg.End.Referred(to));
            }
        });
        return this;
    }

    private void endedByAssistant(FarLeg.End how) {
        if (phase == Phase.ANSWERED) {
            sayGoodbye(CloseCode.NORMAL, "", _ -> {});
            over(how);
        }
    }

    private void over(FarLeg.End how) {
        if (phase != Phase.OVER) {
            phase = Phase.OVER;
            leg.close();
            link = null;
            result.complete(new Dialled.NotReached<>(Dialled.Why.NO_ANSWER, 0));
            ended.complete(how);
            around.left().accept(this);
        }
    }

    /** What the talk asks for. */
    private final class ToPeer extends LinkedWire {
        ToPeer() {
            super(PooledByteBufAllocator.DEFAULT);
        }

        @Override
        @Nullable SocketLink link() {
            return link;
        }

        @Override
        public void answered() {
            if (phase != Phase.DIALLING) {
                return;
            }
            phase = Phase.ANSWERED;
            totals.answered();
            standing.tookCall();
            leg.start();
            Duration firstAudio = target.patience().firstAudio();
            if (!firstAudio.isZero()) {
                after(firstAudio, SocketCall.this::expectAudio);
            }
            result.complete(new Dialled.Connected<>(new SocketAssistantEnd(SocketCall.this)));
        }

        @Override
        public Codec sound() {
            return leg.codec();
        }

        @Override
        public void play(byte[] octets) {
            audioCame |= octets.length > 0;
            if (!leg.says(octets)) {
                failed(Failure.TOO_MUCH_AUDIO, 0, "more than is kept for playing");
            }
        }

        @Override
        public boolean mark(String name) {
            boolean taken = name.length() <= MOST_NAME && !name.startsWith(OURS) && leg.mark(name);
            if (!taken) {
                ignored();
            }
            return taken;
        }

        @Override
        public StreamLeg.Cleared clear() {
            StreamLeg.Cleared cleared = leg.clear();
            if (!cleared.marks().contains(ASKS)) {
                return cleared;
            }
            onLoop(SocketCall.this::ask);
            List<String> theirs =
                    cleared.marks().stream().filter(mark -> !mark.equals(ASKS)).toList();
            return new StreamLeg.Cleared(cleared.played(), theirs);
        }

        @Override
        public long position() {
            return leg.position();
        }

        @Override
        public long queued() {
            return leg.queued();
        }

        @Override
        public void asks(String purpose) {
            Purpose asked;
            try {
                asked = new Purpose(purpose);
            } catch (IllegalArgumentException noId) {
                talk.purpose(PurposeReport.notOffered(purpose));
                return;
            }
            if (wanted != null) {
                talk.purpose(PurposeReport.pending(purpose));
                return;
            }
            wanted = asked;
            if (leg.mark(ASKS)) {
                int which = requestsPut;
                after(LAST_WORDS, () -> askUnlessAsked(which));
            } else {
                ask();
            }
        }

        @Override
        public void hangUp() {
            endedByAssistant(new FarLeg.End.HungUp());
        }

        @Override
        public void ignored() {
            totals.ignored();
        }
    }

    private void expectAudio() {
        if (phase == Phase.ANSWERED && !audioCame) {
            failed(Failure.NO_AUDIO, 0, "answered and silent");
        }
    }
}
