package org.consentgateway.sip.dialog;

import gov.nist.javax.sip.message.SIPMessage;

import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.InfoDigit;
import org.consentgateway.sip.message.Methods;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.sip.trunk.KnownSources;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import javax.sip.ClientTransaction;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * Thread-safe. One dialog of ours, whoever called: all that is the same on both sides of a call.
 * What is an idea of its own has a class of its own: media ({@link OfferAnswer}), our 2xx until its
 * ACK ({@link Answering}), the session timer ({@link Refreshing}), transfers ({@link Transfers}).
 *
 * <p>State changes happen under the leg's lock and only there. What is to be sent and told is put
 * into two mailboxes meanwhile and goes out, in order, after the lock is released: so no listener
 * and no socket is ever waited for with the lock held.
 */
public abstract class Leg {

    enum State {
        EARLY,
        ANSWERED,
        OVER
    }

    final Stack stack;
    final Writer writer;
    final DialogTable calls;
    final KnownSources sources;
    final String callId;
    final String localTag;

    private final ReentrantLock lock = new ReentrantLock();
    private final Mailbox events = new Mailbox();
    final Outbox outbox = new Outbox(this);

    // All below are guarded by the lock.
    final OfferAnswer session = new OfferAnswer(this);
    final Answering answering = new Answering(this);
    final Refreshing refreshing = new Refreshing(this);
    private final Transfers transfers = new Transfers(this);
    State state = State.EARLY;
    @Nullable Dialog dialog;
    private final Set<InetAddress> peers = new HashSet<>();

    /** For those who challenge our requests; none where we were called. */
    @Nullable Credentials credentials;

    Leg(Stack stack, DialogTable calls, KnownSources sources, String callId, String localTag) {
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

    /** The peer hands the call over to one of {@link #referrals}. */
    void tellReferred(Referral referral) {}

    /** SIP URIs to which the peer may hand over the call. */
    Set<String> referrals() {
        return Set.of();
    }

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

    /** The transaction of a request about to go out. */
    void sending(ClientTransaction transaction) {}

    // ------------------------------------------------------------------ threads

    public final void act(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
        outbox.empty();
        events.empty(Runnable::run);
    }

    final void tell(Runnable event) {
        events.put(event);
    }

    // ------------------------------------------------------------------ sending

    /** As {@link Writer#describe}; who may hand over the call is told so. */
    final void describe(Message message, Stack.Local at) {
        writer.describe(message, at);
        if (!referrals().isEmpty()) {
            writer.allowRefer(message);
        }
    }

    final void send(ServerTransaction transaction, Response response) {
        outbox.send(transaction, response);
    }

    /** A request in the dialog; a challenge of it is answered. */
    final void send(Stack.Local at, Request request, TransactionUser exchange) {
        Credentials known = credentials;
        outbox.send(
                at,
                request,
                known == null ? exchange : new Challengeable(this, known, at, request, exchange));
    }

    final void answer(ServerTransaction transaction, Request request, int status) {
        send(transaction, writer.response(request, status, localTag));
    }

    final void refuse(
            ServerTransaction transaction, Request request, int status, Rejection reason) {
        stack.tally.rejected(reason);
        answer(transaction, request, status);
    }

    final void refuseBody(Request request, ServerTransaction transaction) {
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

    // ------------------------------------------------------------------ peers

    /** From now on, until the leg is forgotten. */
    final void expect(InetAddress peer) {
        if (peers.add(peer)) {
            sources.expect(peer);
        }
    }

    public boolean isPeer(InetAddress source) {
        lock.lock();
        try {
            return peers.contains(source);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a request with this From tag belongs to the dialog (RFC 3261 §12.2.2). */
    public final boolean isFrom(@Nullable String fromTag) {
        lock.lock();
        try {
            return dialog != null && dialog.remoteTag().equals(fromTag == null ? "" : fromTag);
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------------ requests in the dialog

    /** A request within this dialog. ACK has no transaction. */
    public final void receive(Request request, @Nullable ServerTransaction transaction) {
        act(() -> {
            if (transaction == null) {
                answering.ack(request);
                return;
            }
            switch (request.getMethod()) {
                case Request.BYE -> bye(request, transaction);
                case Request.INVITE -> session.reinvite(request, transaction);
                case Request.UPDATE -> session.update(request, transaction);
                case Request.INFO -> info(request, transaction);
                case Request.OPTIONS -> options(request, transaction);
                case Request.PRACK -> prack(request, transaction);
                case Request.NOTIFY -> transfers.notified(request, transaction);
                case Request.REFER -> transfers.referred(request, transaction);
                default -> unserved(request, transaction);
            }
        });
    }

    /** False where it was refused: it belongs to no call, or is out of order. */
    final boolean inOrder(Request request, ServerTransaction transaction) {
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
        answering.theyHaveHungUp();
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

    private void options(Request request, ServerTransaction transaction) {
        Dialog open = dialog;
        if (!inOrder(request, transaction) || open == null) {
            return;
        }
        Response response = writer.response(request, 200, localTag);
        describe(response, open.at());
        writer.header(response, "Accept", "application/sdp");
        send(transaction, response);
    }

    private void unserved(Request request, ServerTransaction transaction) {
        stack.tally.rejected(Rejection.METHOD);
        boolean known = Methods.KNOWN.contains(request.getMethod());
        Response response = writer.response(request, known ? 405 : 501, localTag);
        writer.allow(response);
        send(transaction, response);
    }

    // ------------------------------------------------------------------ what we ask for

    /** As {@link IncomingCall#refer}. */
    public final void refer(String target, Consumer<Boolean> reached) {
        act(() -> transfers.refer(target, reached));
    }

    /** Answers once more the INVITE whose 2xx seems to have been lost. */
    public final void repeatAnswer() {
        act(answering::repeat);
    }

    /** BYE, CANCEL or a final refusal, as it stands; nothing where it is over. */
    public final void hangUp(IncomingCall.Ending why) {
        act(() -> end(why));
    }

    // ------------------------------------------------------------------ the end

    /** As {@link #hangUp}, under the lock. */
    final void end(IncomingCall.Ending why) {
        switch (state) {
            case EARLY -> hangUpEarly(why);
            case ANSWERED -> {
                // RFC 3261 §15: not before the ACK, or its time is up.
                if (!answering.delays(why)) {
                    sendBye(why);
                }
                over(IncomingCall.How.BY_US);
            }
            case OVER -> {}
        }
    }

    final void sendBye(IncomingCall.Ending why) {
        Dialog open = dialog;
        if (open == null) {
            return;
        }
        try {
            Request bye = open.request(Request.BYE);
            writer.reason(bye, why.cause(), why.text());
            send(open.route(), bye, TransactionUser.WHATEVER);
        } catch (SipException noRequest) {
            // The peer's own timers will tell it.
        }
    }

    final void over(IncomingCall.How how) {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        refreshing.stop();
        transfers.end();
        tellEnded(how);
        linger();
    }

    /** Late messages are still met for 64*T1, then nothing is left of the leg. */
    final void linger() {
        stack.later(
                stack.patience(),
                () ->
                        act(() -> {
                            if (answering.waits()) {
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

    static long cseq(Message message) {
        return ((SIPMessage) message).getCSeq().getSeqNumber();
    }
}
