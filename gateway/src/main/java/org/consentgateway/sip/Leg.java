package org.consentgateway.sip;

import gov.nist.javax.sip.message.SIPMessage;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipProvider;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.sdp.LocalDescription;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.sdp.Srtp;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. One dialog of ours, whoever called: all that is the same on both sides of a call.
 *
 * <p>State changes happen under the leg's lock and only there. What is to be sent and told is put
 * into two mailboxes meanwhile and goes out, in order, after the lock is released: so no listener
 * and no socket is ever waited for with the lock held.
 */
abstract class Leg {
    /** RFC 3261 §14.1: how long after a 491 we try again, when the Call-ID is ours or not. */
    private static final int GLARE_MILLIS_LEAST = 2100;

    private static final int GLARE_MILLIS_MOST = 4000;

    enum State {
        EARLY,
        ANSWERED,
        OVER
    }

    final Stack stack;
    final Writer writer;
    final Calls calls;
    final KnownSources sources;
    final String callId;
    final String localTag;

    private final ReentrantLock lock = new ReentrantLock();
    private final Mailbox sends = new Mailbox();
    private final Mailbox events = new Mailbox();

    // All below are guarded by the lock.
    State state = State.EARLY;
    @Nullable Dialog dialog;
    @Nullable LocalDescription local;
    @Nullable Unacked unacked;
    private Negotiation.@Nullable Agreed media;
    private final Set<InetAddress> peers = new HashSet<>();
    private boolean offerPending;
    private boolean peerTakesUpdate;
    private @Nullable SessionTimer timer;
    private int timerTurn;
    private @Nullable Future<?> refresh;
    private @Nullable Future<?> expiry;
    private IncomingCall.@Nullable Ending byeAfterAck;
    private @Nullable Referring referring;

    /** For those who challenge our requests; none where we were called. */
    @Nullable Credentials credentials;

    /** Whether sending cannot wait for anything: UDP to a literal address. */
    private volatile boolean sendsAtOnce;

    Leg(Stack stack, Calls calls, KnownSources sources, String callId, String localTag) {
        this.stack = stack;
        this.writer = new Writer(stack);
        this.calls = calls;
        this.sources = sources;
        this.callId = callId;
        this.localTag = localTag;
    }

    // What is told goes through tell(), under the lock, to whoever listens at that moment.

    abstract void tellMedia(MediaFormat format, MediaPeer peer);

    /** The first ACK has come. */
    void tellAcknowledged() {}

    abstract void tellEnded(IncomingCall.How how);

    abstract void tellDigit(char digit, int durationMillis);

    /** Nothing of it can come any more. */
    void forgotten() {}

    /** Whether keys by INFO are believed on this leg. */
    abstract boolean takesInfoDigits();

    /** Whether media with this peer is encrypted. */
    abstract Srtp srtp();

    /** Where media of this peer may also come from. */
    abstract Set<InetAddress> otherSources();

    /**
     * Whether a PRACK with this RAck is for a provisional response of ours that waits for it (RFC
     * 3262 §3).
     */
    abstract boolean acknowledgesProvisional(@Nullable String rack);

    /** We hang up while the INVITE is still open. */
    abstract void hangUpEarly(IncomingCall.Ending why);

    /** The peer has sent BYE while the INVITE is still open (RFC 3261 §15.1.2). */
    abstract void endedEarly();

    // ------------------------------------------------------------------ threads

    final void act(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
        try {
            sends.empty(sendsAtOnce ? Runnable::run : stack.threads);
        } catch (RejectedExecutionException closed) {
            // The endpoint is closing: nothing goes out any more.
        }
        events.empty(Runnable::run);
    }

    final void tell(Runnable event) {
        events.put(event);
    }

    final void sendsAtOnce(boolean atOnce) {
        sendsAtOnce = atOnce;
    }

    final void sendsAtOnceIfNextHopIsLiteral() {
        Dialog open = dialog;
        sendsAtOnce =
                open != null
                        && open.route().transport() == Transport.UDP
                        && open.nextHost().matches("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?");
    }

    // ------------------------------------------------------------------ sending

    final void send(ServerTransaction transaction, Response response) {
        sends.put(() -> {
            try {
                stack.trace.saw((SIPMessage) response, true);
                transaction.sendResponse(response);
            } catch (SipException | InvalidArgumentException | RuntimeException notSent) {
                // The stack throws any of them, also for a Via that leads nowhere.
                transportFailed(response.getStatusCode());
            }
        });
    }

    /** Without a transaction: 2xx again, whose transaction ends with the first (RFC 3261 §13.3). */
    private void sendAgain(SipProvider provider, Response response) {
        sends.put(() -> {
            try {
                stack.trace.saw((SIPMessage) response, true);
                provider.sendResponse(response);
            } catch (SipException | RuntimeException notSent) {
                transportFailed(response.getStatusCode());
            }
        });
    }

    private void transportFailed(int status) {
        // A lost refusal harms nobody; a lost 2xx leaves the caller without us.
        if (status / 100 == 2) {
            act(() -> over(IncomingCall.How.TRANSPORT_FAILED));
        }
    }

    /** A request in the dialog; a challenge of it is answered. */
    final void send(Stack.Local at, Request request, Exchange exchange) {
        Exchange told = credentials == null ? exchange : new Asked(at, request, exchange, false);
        sendAsItIs(at, request, told);
    }

    final void sendAsItIs(Stack.Local at, Request request, Exchange exchange) {
        sends.put(() -> {
            expectAt(at, request);
            stack.send(at, request, exchange, this::sending);
        });
    }

    /** Immutable. A request that may be challenged (RFC 3261 §22.2): then it goes once more. */
    private final class Asked implements Exchange {
        private final Stack.Local at;
        private final Request request;
        private final Exchange told;
        private final boolean withPassword;

        Asked(Stack.Local at, Request request, Exchange told, boolean withPassword) {
            this.at = at;
            this.request = request;
            this.told = told;
            this.withPassword = withPassword;
        }

        @Override
        public void response(Response response, InetAddress source) {
            if (!Credentials.isChallenge(response) || !again(response)) {
                told.response(response, source);
            }
        }

        private boolean again(Response response) {
            Credentials known = credentials;
            Optional<Digest.Challenge> challenge =
                    known == null ? Optional.empty() : known.challenge(response);
            if (known == null
                    || challenge.isEmpty()
                    || (withPassword && !challenge.get().stale())) {
                return false;
            }
            act(() -> {
                Dialog open = dialog;
                if (open == null) {
                    told.failed(false);
                    return;
                }
                Request repeated = writer.again(request, open.nextNumber());
                boolean byProxy = response.getStatusCode() == 407;
                known.answer(writer, repeated, challenge.get(), byProxy);
                sendAsItIs(at, repeated, new Asked(at, repeated, told, true));
            });
            return true;
        }

        @Override
        public void failed(boolean timeout) {
            told.failed(timeout);
        }
    }

    /** Where a request goes, its answers come from, and the peer's requests may come from, too. */
    private void expectAt(Stack.Local at, Request request) {
        ServerAddress next = stack.find(at, request);
        if (next != null) {
            act(() -> {
                if (state != State.OVER) {
                    expect(next.address().getAddress());
                }
            });
        }
    }

    /** The transaction of a request about to go out. */
    void sending(ClientTransaction transaction) {}

    final void sendAck(Dialog to, Request ack) {
        sends.put(() -> {
            try {
                expectAt(to.route(), ack);
                stack.sendAck(to.route(), ack);
            } catch (SipException | RuntimeException notSent) {
                // The peer repeats its 2xx, and we the ACK.
            }
        });
    }

    final void answer(ServerTransaction transaction, Request request, int status) {
        send(transaction, writer.response(request, status, localTag));
    }

    private void refuse(
            ServerTransaction transaction, Request request, int status, Rejection reason) {
        stack.tally.rejected(reason);
        answer(transaction, request, status);
    }

    // ------------------------------------------------------------------ peers

    /** From now on, until the leg is forgotten. */
    final void expect(InetAddress peer) {
        if (peers.add(peer)) {
            sources.expect(peer);
        }
    }

    boolean isPeer(InetAddress source) {
        lock.lock();
        try {
            return peers.contains(source);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a request with this From tag belongs to the dialog (RFC 3261 §12.2.2). */
    final boolean isFrom(@Nullable String fromTag) {
        lock.lock();
        try {
            return dialog != null && dialog.remoteTag().equals(fromTag == null ? "" : fromTag);
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------------ requests in the dialog

    /** A request within this dialog. ACK has no transaction. */
    final void receive(Request request, @Nullable ServerTransaction transaction) {
        act(() -> {
            if (transaction == null) {
                ack(request);
                return;
            }
            switch (request.getMethod()) {
                case Request.BYE -> bye(request, transaction);
                case Request.INVITE -> reinvite(request, transaction);
                case Request.UPDATE -> update(request, transaction);
                case Request.INFO -> info(request, transaction);
                case Request.OPTIONS -> options(request, transaction);
                case Request.PRACK -> prack(request, transaction);
                case Request.NOTIFY -> notified(request, transaction);
                case Request.REFER -> refuse(transaction, request, 603, Rejection.METHOD);
                default -> unserved(request, transaction);
            }
        });
    }

    /** Asks the peer to call somebody else instead of us; see {@link Referring}. */
    public final void refer(String target, Consumer<Boolean> reached) {
        act(() -> {
            Dialog open = dialog;
            Referring now = new Referring(this, reached);
            if (state != State.ANSWERED || open == null) {
                now.end(false);
                return;
            }
            try {
                Request refer = open.request(Request.REFER);
                writer.describe(refer, open.at());
                writer.header(refer, "Refer-To", "<" + target + ">");
                writer.header(refer, "Referred-By", "<" + open.at().uri() + ">");
                referring = now;
                send(open.route(), refer, now);
            } catch (SipException | IllegalArgumentException noRequest) {
                now.end(false);
            }
        });
    }

    /** Of a transfer of ours; the subscription it belongs to is implicit (RFC 3515 §2.4.4). */
    private void notified(Request request, ServerTransaction transaction) {
        if (!inOrder(request, transaction)) {
            return;
        }
        Referring transfer = referring;
        if (transfer == null) {
            refuse(transaction, request, 481, Rejection.NO_SUCH_CALL);
        } else {
            answer(transaction, request, 200);
            transfer.notified(request);
        }
    }

    private void unserved(Request request, ServerTransaction transaction) {
        stack.tally.rejected(Rejection.METHOD);
        boolean known = Tally.Methods.KNOWN.contains(request.getMethod());
        Response response = writer.response(request, known ? 405 : 501, localTag);
        writer.allow(response);
        send(transaction, response);
    }

    private void options(Request request, ServerTransaction transaction) {
        Dialog open = dialog;
        if (!inOrder(request, transaction) || open == null) {
            return;
        }
        Response response = writer.response(request, 200, localTag);
        writer.describe(response, open.at());
        writer.header(response, "Accept", "application/sdp");
        send(transaction, response);
    }

    private boolean inOrder(Request request, ServerTransaction transaction) {
        Dialog open = dialog;
        if (open == null || state == State.OVER) {
            refuse(transaction, request, 481, Rejection.NO_SUCH_CALL);
            return false;
        }
        if (!open.takes(cseq(request))) {
            refuse(transaction, request, 500, Rejection.OUT_OF_ORDER);
            return false;
        }
        return true;
    }

    private void bye(Request request, ServerTransaction transaction) {
        if (dialog != null && !dialog.takes(cseq(request)) && state != State.OVER) {
            refuse(transaction, request, 500, Rejection.OUT_OF_ORDER);
            return;
        }
        answer(transaction, request, 200);
        if (unacked != null) {
            // A BYE whose ACK never came, or is behind it: the caller knows of our 2xx.
            unacked.stop();
            unacked = null;
            byeAfterAck = null;
        }
        if (state == State.EARLY) {
            endedEarly();
        }
        over(IncomingCall.How.BYE);
    }

    private void prack(Request request, ServerTransaction transaction) {
        if (inOrder(request, transaction)) {
            if (acknowledgesProvisional(HeaderText.first(request, "RAck"))) {
                answer(transaction, request, 200);
            } else {
                refuse(transaction, request, 481, Rejection.NO_SUCH_CALL);
            }
        }
    }

    private void info(Request request, ServerTransaction transaction) {
        if (!inOrder(request, transaction)) {
            return;
        }
        switch (InfoDigit.of(request)) {
            case InfoDigit.Empty empty -> answer(transaction, request, 200);
            case InfoDigit.Pressed(char digit, int millis) when takesInfoDigits() -> {
                answer(transaction, request, 200);
                tellDigit(digit, millis);
            }
            case InfoDigit.Pressed ignored -> refuseBody(request, transaction);
            case InfoDigit.Foreign foreign -> refuseBody(request, transaction);
        }
    }

    private void refuseBody(Request request, ServerTransaction transaction) {
        stack.tally.rejected(Rejection.BAD_BODY);
        Response response = writer.response(request, 415, localTag);
        writer.header(
                response,
                "Accept",
                takesInfoDigits()
                        ? "application/sdp, application/dtmf-relay, application/dtmf"
                        : "application/sdp");
        send(transaction, response);
    }

    // ------------------------------------------------------------------ offers in the dialog

    private void reinvite(Request request, ServerTransaction transaction) {
        if (!inOrder(request, transaction) || !refreshable(request, transaction)) {
            return;
        }
        if (state == State.EARLY) {
            // RFC 3261 §14.2: not before our final answer to the first.
            retryLater(request, transaction);
            return;
        }
        if (offerPending || (unacked != null && unacked.offered)) {
            refuse(transaction, request, 491, Rejection.PENDING);
            return;
        }
        Dialog open = dialog;
        LocalDescription description = local;
        Negotiation.Agreed now = media;
        if (open == null || description == null) {
            return;
        }
        switch (SdpBody.of(request)) {
            case SdpBody.None none -> {
                String offer =
                        description.offer(
                                Negotiation.order(
                                        now == null
                                                ? org.consentgateway.media.codec.Codec.PCMA
                                                : now.format().codec()),
                                MediaPeer.Direction.SENDRECV);
                open.refreshTarget(request);
                accept(request, transaction, offer, true);
            }
            case SdpBody.Described(SessionDescription offer) -> {
                String answer = answerTo(offer, request, transaction);
                if (answer != null) {
                    open.refreshTarget(request);
                    accept(request, transaction, answer, false);
                }
            }
            case SdpBody.Malformed malformed -> refuseOffer(request, transaction, malformed.why());
            case SdpBody.Foreign foreign -> refuseBody(request, transaction);
        }
    }

    private void update(Request request, ServerTransaction transaction) {
        if (!inOrder(request, transaction) || !refreshable(request, transaction)) {
            return;
        }
        Dialog open = dialog;
        if (open == null) {
            return;
        }
        switch (SdpBody.of(request)) {
            case SdpBody.None none -> acceptUpdate(request, transaction, open, null);
            case SdpBody.Described(SessionDescription offer) -> {
                if (offerPending || (unacked != null && unacked.offered)) {
                    refuse(transaction, request, 491, Rejection.PENDING);
                } else if (local == null) {
                    // RFC 3311 §5.2: an offer while the first is unanswered.
                    retryLater(request, transaction);
                } else {
                    String answer = answerTo(offer, request, transaction);
                    if (answer != null) {
                        acceptUpdate(request, transaction, open, answer);
                    }
                }
            }
            case SdpBody.Malformed malformed -> refuseOffer(request, transaction, malformed.why());
            case SdpBody.Foreign foreign -> refuseBody(request, transaction);
        }
    }

    private void acceptUpdate(
            Request request, ServerTransaction transaction, Dialog open, @Nullable String sdp) {
        open.refreshTarget(request);
        Response response = writer.response(request, 200, localTag);
        writer.describe(response, open.at());
        if (sdp != null) {
            writer.sdp(response, sdp);
        }
        if (state == State.ANSWERED) {
            answerTimer(request, response);
        }
        send(transaction, response);
        sendsAtOnceIfNextHopIsLiteral();
    }

    private void retryLater(Request request, ServerTransaction transaction) {
        stack.tally.rejected(Rejection.PENDING);
        Response response = writer.response(request, 500, localTag);
        writer.header(
                response,
                "Retry-After",
                Integer.toString(ThreadLocalRandom.current().nextInt(0, 11)));
        send(transaction, response);
    }

    private void refuseOffer(Request request, ServerTransaction transaction, String why) {
        stack.tally.rejected(Rejection.BAD_BODY);
        Response response = writer.response(request, 488, localTag);
        Dialog open = dialog;
        if (open != null) {
            writer.warning(response, 399, why, open.at());
        }
        send(transaction, response);
    }

    /** Null where it was refused; the session is then as it was (RFC 3261 §14.2). */
    private @Nullable String answerTo(
            SessionDescription offer, Request request, ServerTransaction transaction) {
        LocalDescription description = local;
        Dialog open = dialog;
        if (description == null || open == null) {
            return null;
        }
        return switch (Negotiation.of(offer, otherSources(), srtp())) {
            case Negotiation.Agreed agreed -> {
                LocalDescription.Answer answer = description.answer(offer, agreed);
                agree(answer.agreed());
                yield answer.sdp();
            }
            case Negotiation.Refused refused -> {
                stack.tally.rejected(Rejection.of(refused));
                Response response = writer.response(request, 488, localTag);
                writer.warning(response, refused.warning(), refused.why(), open.at());
                send(transaction, response);
                yield null;
            }
        };
    }

    /** The media as agreed now, told where it is news. */
    final void agree(Negotiation.Agreed agreed) {
        Negotiation.Agreed before = media;
        media = agreed;
        if (!agreed.equals(before)) {
            tellMedia(agreed.format(), agreed.peer());
        }
    }

    /** 200 to an INVITE, first or later, repeated until its ACK. */
    final void accept(
            Request request, ServerTransaction transaction, String sdp, boolean weOffered) {
        Dialog open = dialog;
        if (open == null) {
            return;
        }
        Response response = writer.response(request, 200, localTag);
        writer.describe(response, open.at());
        writer.sdp(response, sdp);
        answerTimer(request, response);
        boolean first = state == State.EARLY || (unacked != null && unacked.first);
        state = State.ANSWERED;
        if (unacked != null) {
            unacked.stop();
        }
        Unacked waiting = new Unacked(cseq(request), response, open.at(), weOffered, first);
        unacked = waiting;
        send(transaction, response);
        sendsAtOnceIfNextHopIsLiteral();
        waiting.schedule();
    }

    /** Answers once more the INVITE whose 2xx seems to have been lost. */
    final void repeatAnswer() {
        act(() -> {
            stack.tally.retransmission();
            Unacked waiting = unacked;
            if (waiting != null) {
                sendAgain(waiting.at.provider(), waiting.response);
            }
        });
    }

    private void ack(Request request) {
        Unacked waiting = unacked;
        if (waiting == null || waiting.cseq != cseq(request)) {
            return;
        }
        waiting.stop();
        unacked = null;
        if (byeAfterAck != null) {
            sendBye(byeAfterAck);
            byeAfterAck = null;
            return;
        }
        if (state != State.ANSWERED) {
            return;
        }
        if (waiting.first) {
            tellAcknowledged();
        }
        if (!waiting.offered) {
            return;
        }
        Negotiation.Agreed agreed =
                SdpBody.of(request) instanceof SdpBody.Described(SessionDescription answer)
                        ? answeredBy(answer)
                        : null;
        if (agreed != null) {
            agree(agreed);
        } else if (waiting.first) {
            // There is no session without an answer to our offer.
            sendBye(new IncomingCall.Ending(88, "Incompatible destination"));
            over(IncomingCall.How.BY_US);
        }
    }

    /** What comes of the answer to our offer; null where nothing does. */
    final Negotiation.@Nullable Agreed answeredBy(SessionDescription answer) {
        LocalDescription description = local;
        return description != null
                        && Negotiation.of(answer, otherSources(), srtp())
                                instanceof Negotiation.Agreed agreed
                ? description.answered(answer, agreed)
                : null;
    }

    /** Guarded by the leg's lock. A 2xx of ours until its ACK comes (RFC 3261 §13.3.1.4). */
    final class Unacked {
        private final long cseq;
        private final Response response;
        private final Stack.Local at;
        private final boolean offered;
        private final boolean first;
        private long interval = stack.t1();
        private long waited;
        private @Nullable Future<?> next;

        Unacked(long cseq, Response response, Stack.Local at, boolean offered, boolean first) {
            this.cseq = cseq;
            this.response = response;
            this.at = at;
            this.offered = offered;
            this.first = first;
        }

        void schedule() {
            long now = interval;
            next = stack.after(now, () -> act(() -> due(now)));
        }

        private void due(long after) {
            if (unacked != this) {
                return;
            }
            waited += after;
            if (waited >= stack.patience()) {
                unacked = null;
                noAck();
                return;
            }
            if (at.transport() == Transport.UDP) {
                stack.tally.retransmission();
                sendAgain(at.provider(), response);
            }
            // T2 is 8*T1 (4 s).
            interval = Math.min(interval * 2, 8 * stack.t1());
            interval = Math.min(interval, stack.patience() - waited);
            schedule();
        }

        void stop() {
            if (next != null) {
                next.cancel(false);
            }
        }
    }

    private void noAck() {
        IncomingCall.Ending why =
                byeAfterAck != null
                        ? byeAfterAck
                        : new IncomingCall.Ending(102, "No ACK: recovery on timer expiry");
        byeAfterAck = null;
        sendBye(why);
        over(IncomingCall.How.NO_ACK);
    }

    // ------------------------------------------------------------------ the end

    /** BYE, CANCEL or a final refusal, as it stands; nothing where it is over. */
    public final void hangUp(IncomingCall.Ending why) {
        act(() -> {
            switch (state) {
                case EARLY -> hangUpEarly(why);
                case ANSWERED -> {
                    if (unacked != null && unacked.first) {
                        // RFC 3261 §15: not before the ACK, or its time is up.
                        byeAfterAck = why;
                    } else {
                        sendBye(why);
                    }
                    over(IncomingCall.How.BY_US);
                }
                case OVER -> {}
            }
        });
    }

    final void sendBye(IncomingCall.Ending why) {
        Dialog open = dialog;
        if (open == null) {
            return;
        }
        try {
            Request bye = open.request(Request.BYE);
            writer.reason(bye, why);
            send(open.route(), bye, Exchange.WHATEVER);
        } catch (SipException noRequest) {
            // The peer's own timers will tell it.
        }
    }

    final void over(IncomingCall.How how) {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        stopTimer();
        if (referring != null) {
            referring.end(false);
        }
        tellEnded(how);
        linger();
    }

    /** Late messages are still met for 64*T1, then nothing is left of the leg. */
    final void linger() {
        stack.later(
                stack.patience(),
                () ->
                        act(() -> {
                            if (unacked != null) {
                                linger();
                                return;
                            }
                            calls.remove(callId, localTag);
                            forgotten();
                            for (InetAddress peer : peers) {
                                sources.forget(peer);
                            }
                            peers.clear();
                        }));
    }

    // ------------------------------------------------------------------ session timer (RFC 4028)

    /** False where the request was refused for its interval. */
    final boolean refreshable(Request request, ServerTransaction transaction) {
        SessionTimer.Asked asked = SessionTimer.Asked.in(request);
        long least = stack.settings.minSessionExpires().toSeconds();
        if (asked == null || asked.seconds() >= least) {
            return true;
        }
        stack.tally.rejected(Rejection.SESSION_INTERVAL);
        Response response = writer.response(request, 422, localTag);
        writer.header(response, SessionTimer.MIN_SE, Long.toString(least));
        send(transaction, response);
        return false;
    }

    private void answerTimer(Request request, Response response) {
        boolean supports = HeaderText.tokens(request, "Supported").contains("timer");
        SessionTimer agreed = SessionTimer.answering(SessionTimer.Asked.in(request), supports);
        notePeer(request);
        if (agreed != null) {
            writer.header(response, SessionTimer.HEADER, agreed.answerValue());
            if (!agreed.weRefresh()) {
                // RFC 4028 §9: the peer has to refresh, so it has to understand this.
                writer.header(response, "Require", "timer");
            }
        }
        startTimer(agreed);
    }

    /** Whether the peer can be refreshed by UPDATE. */
    final void notePeer(Message message) {
        List<String> allowed = HeaderText.tokens(message, "Allow");
        if (!allowed.isEmpty()) {
            peerTakesUpdate = allowed.contains("update");
        }
    }

    final void startTimer(@Nullable SessionTimer agreed) {
        stopTimer();
        int turn = ++timerTurn;
        timer = agreed;
        if (agreed == null) {
            return;
        }
        if (agreed.weRefresh()) {
            refresh = stack.after(agreed.refreshAfterMillis(), () -> act(this::refresh));
            expiry = stack.after(agreed.intervalSeconds() * 1000L, () -> act(() -> expired(turn)));
        } else {
            expiry = stack.after(agreed.expiresAfterMillis(), () -> act(() -> expired(turn)));
        }
    }

    private void stopTimer() {
        if (refresh != null) {
            refresh.cancel(false);
        }
        if (expiry != null) {
            expiry.cancel(false);
        }
        timer = null;
    }

    private void expired(int turn) {
        if (turn == timerTurn && state == State.ANSWERED) {
            sendBye(new IncomingCall.Ending(102, "Session timer expired"));
            over(IncomingCall.How.TIMER_EXPIRED);
        }
    }

    private void refresh() {
        SessionTimer running = timer;
        Dialog open = dialog;
        if (running == null || open == null || state != State.ANSWERED) {
            return;
        }
        if (offerPending || unacked != null) {
            refreshAgain();
            return;
        }
        Negotiation.Agreed now = media;
        LocalDescription description = local;
        boolean byUpdate = peerTakesUpdate || now == null || description == null;
        try {
            Request request = open.request(byUpdate ? Request.UPDATE : Request.INVITE);
            writer.describe(request, open.at());
            writer.header(
                    request, SessionTimer.HEADER, running.intervalSeconds() + ";refresher=uac");
            writer.header(
                    request,
                    SessionTimer.MIN_SE,
                    Long.toString(stack.settings.minSessionExpires().toSeconds()));
            if (!byUpdate && now != null && description != null) {
                // The same description again, its version unchanged (RFC 4028 §7.4).
                writer.sdp(request, description.offerAgain(now.format(), now.peer().direction()));
                offerPending = true;
            }
            send(open.route(), request, new Refresh(request, open, running));
        } catch (SipException noRequest) {
            // The expiry ends the call.
        }
    }

    private void refreshAgain() {
        long wait = ThreadLocalRandom.current().nextLong(GLARE_MILLIS_LEAST, GLARE_MILLIS_MOST);
        refresh = stack.after(wait, () -> act(this::refresh));
    }

    /** Guarded by the leg's lock. A refresh of ours under way. */
    private final class Refresh implements Exchange {
        private final Request request;
        private final Dialog open;
        private final SessionTimer running;

        Refresh(Request request, Dialog open, SessionTimer running) {
            this.request = request;
            this.open = open;
            this.running = running;
        }

        @Override
        public void response(Response response, InetAddress source) {
            if (response.getStatusCode() >= 200) {
                act(() -> answered(response));
            }
        }

        private void answered(Response response) {
            offerPending = false;
            int status = response.getStatusCode();
            boolean invite = request.getMethod().equals(Request.INVITE);
            if (status / 100 == 2 && invite) {
                acknowledge(response);
            }
            if (state != State.ANSWERED) {
                return;
            }
            if (status / 100 == 2) {
                open.refreshTarget(response);
                notePeer(response);
                Negotiation.Agreed media =
                        invite
                                        && SdpBody.of(response)
                                                instanceof
                                                SdpBody.Described(SessionDescription answer)
                                ? answeredBy(answer)
                                : null;
                if (media != null) {
                    agree(media);
                }
                SessionTimer.Asked agreed = SessionTimer.Asked.in(response);
                startTimer(agreed == null ? running : SessionTimer.answered(agreed));
            } else if (status == 422) {
                int least = Math.max(SessionTimer.minimum(response), running.intervalSeconds());
                startTimer(new SessionTimer(least, true));
                refresh();
            } else if (status == 491) {
                refreshAgain();
            } else if (status == 481 || status == 408) {
                // RFC 3261 §12.2.1.2: the peer does not know the dialog any more.
                over(IncomingCall.How.TIMER_EXPIRED);
            }
        }

        private void acknowledge(Response response) {
            try {
                sendAck(open, open.ack(cseq(response)));
            } catch (SipException noRequest) {
                // The peer will end it.
            }
        }

        @Override
        public void failed(boolean timeout) {
            act(() -> {
                offerPending = false;
                if (state == State.ANSWERED) {
                    sendBye(new IncomingCall.Ending(102, "Session refresh failed"));
                    over(IncomingCall.How.TIMER_EXPIRED);
                }
            });
        }
    }

    static long cseq(Message message) {
        return ((SIPMessage) message).getCSeq().getSeqNumber();
    }
}
