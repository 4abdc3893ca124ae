package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import javax.sip.ServerTransaction;
import javax.sip.header.ContentTypeHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.InfoDigit;
import org.consentgateway.sip.sdp.AgreedMedia;
import org.consentgateway.sip.sdp.MediaPermission;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SdpBody;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.PeerAddresses;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * One dialog of ours, whoever called: all that is the same on both sides of a call. Thread-safe.
 * What is an idea of its own has a class of its own: lock and state ({@link LegState}), media
 * ({@link OfferAnswer}, {@link SessionUpdates}), our 2xx until its ACK ({@link Answering}), the
 * session timer ({@link SessionRefresher}), transfers ({@link Transfers}).
 */
public abstract class Leg {
    private static final IncomingCall.Ending NO_ANSWER =
            IncomingCall.Ending.q850(88, "Incompatible destination");

    final Stack stack;
    final Writer writer;
    final String callId;
    final @Nullable Credentials credentials;
    final String localTag;

    final LegState state;
    final PeerAddresses peers;
    final Outbox outbox;
    final Responses responses;
    final Requests requests;
    final Answering answering;
    final OfferAnswer session;
    final SessionRefresher refreshing;
    final SessionUpdates updates;
    private final Transfers transfers;

    /** How one side of a call differs from the other. */
    record Side(
            String callId, String localTag, LegTerms terms, @Nullable Credentials credentials) {}

    Leg(Stack stack, KnownSources sources, Side side) {
        this.stack = stack;
        this.credentials = side.credentials();
        this.writer = new Writer(stack);
        this.callId = side.callId();
        this.localTag = side.localTag();
        LegTerms terms = side.terms();
        state = new LegState(stack.threads);
        peers = new PeerAddresses(sources);
        outbox = new Outbox(stack, state, this::mayKnow, this::expect, () -> state.act(this::lost));
        responses = new Responses(stack, state, outbox, terms, localTag);
        requests = new Requests(writer, state, outbox, terms, side.credentials());
        answering = new Answering(stack, state, outbox, this::noAck);
        session = new OfferAnswer(terms, this::mediaPermission, this::tellMedia, this::unusable);
        refreshing = new SessionRefresher(stack, state, session, answering, requests, this::over);
        updates = new SessionUpdates(stack, state, responses, session, answering, refreshing);
        transfers = new Transfers(state, responses, requests, this::tellReferred, this::end);
    }

    // What is told goes through LegState.tell, under the lock, to whoever listens at that moment.

    abstract void tellMedia(AgreedMedia now);

    /** The first ACK has come. */
    void tellAcknowledged() {}

    abstract void tellEnded(IncomingCall.How how);

    /** Of our answer to its INVITE nothing is repeated any more. */
    void settled() {}

    abstract void tellDigit(char digit, int durationMillis);

    /** A request that may change the session has come, and is not answered yet. */
    void asksToChange(Request request) {
        // Only of who calls it matters who speaks.
    }

    /** The peer hands the call over to one of those in {@link LegTerms#referrals}. */
    void tellReferred(Referral referral) {}

    /** A 2xx to the INVITE that made the call: repeated, or one of a fork. */
    void answeredAgain(Response ok, InetAddress source) {
        // Who was called has sent none.
    }

    /** Nothing of it can come any more. */
    abstract void forgotten();

    /** Where media of this peer may go. */
    abstract MediaPermission mediaPermission();

    /** Whether it has come by this trunk, as it was configured then. */
    public abstract boolean cameBy(Trunk trunk);

    /** Name of the trunk by which it has come, or by whose account it goes; empty: by none. */
    public abstract String by();

    /** What the log calls this peer: a trunk, but nobody in person. */
    abstract String peerName();

    /** A description of the peer was refused. */
    void unusable(Negotiation.Refused refused) {
        stack.tally.rejected(Rejection.of(refused));
        stack.refusedMedia.tell(peerName(), refused);
    }

    /**
     * Whether a PRACK with this RAck is for a provisional response of ours that waits for it (RFC
     * 3262 §3).
     */
    abstract boolean acknowledgesProvisional(@Nullable String rack);

    /** We hang up while the INVITE is still open. */
    abstract void hangUpEarly(IncomingCall.Ending why);

    /** The peer has sent BYE while the INVITE is still open (RFC 3261 §15.1.2). */
    abstract void endedEarly();

    // ------------------------------------------------------------------ whose requests

    public boolean isPeer(InetAddress source) {
        return state.holds(() -> peers.has(source));
    }

    /** Whether a request that goes there may bear a password. Without the lock. */
    boolean mayKnow(InetAddress server) {
        return false;
    }

    /** A request of ours goes to the first of these servers, which all have its name. */
    void expect(List<ServerAddress> servers) {
        peers.expect(servers.getFirst().address().getAddress());
    }

    /** Whether a request with this From tag belongs to the dialog (RFC 3261 §12.2.2). */
    public final boolean isFrom(@Nullable String fromTag) {
        return state.holds(() -> {
            Dialog open = state.dialog();
            String tag = fromTag == null ? "" : fromTag;
            return open == null ? rings(tag) : open.remoteTag().equals(tag);
        });
    }

    /** Whether somebody with this tag rings whom we call, and nobody has answered yet. */
    boolean rings(String tag) {
        return false;
    }

    /** A request of such. */
    void receiveRinging(ServerTransaction transaction, Request request) {
        responses.refuse(transaction, request, 481, Rejection.NO_SUCH_CALL);
    }

    // ------------------------------------------------------------------ requests in the dialog

    /** A request within this dialog. ACK has no transaction. */
    public final void receive(Request request, @Nullable ServerTransaction transaction) {
        state.act(() -> {
            if (transaction == null) {
                acknowledged(request);
                return;
            }
            if (state.dialog() == null) {
                receiveRinging(transaction, request);
                return;
            }
            switch (request.getMethod()) {
                case Request.BYE -> bye(transaction, request);
                case Request.INVITE -> {
                    asksToChange(request);
                    updates.reinvite(transaction, request);
                }
                case Request.UPDATE -> {
                    asksToChange(request);
                    updates.update(transaction, request);
                }
                case Request.INFO -> info(transaction, request);
                case Request.OPTIONS -> options(transaction, request);
                case Request.PRACK -> prack(transaction, request);
                case Request.NOTIFY -> transfers.notified(transaction, request);
                case Request.REFER -> transfers.referred(transaction, request);
                default -> responses.unserved(transaction, request);
            }
        });
    }

    private void acknowledged(Request ack) {
        Answering.Acked acked = answering.ack(ack);
        if (acked == null) {
            return;
        }
        settled();
        if (acked.bye() != null) {
            requests.bye(acked.bye());
            return;
        }
        if (!state.isAnswered()) {
            return;
        }
        if (acked.first()) {
            tellAcknowledged();
        }
        if (!acked.offered()) {
            return;
        }
        Negotiation.Agreed agreed =
                SdpBody.of(ack) instanceof SdpBody.Described(SessionDescription answer)
                        ? session.answeredBy(answer)
                        : null;
        if (agreed != null) {
            session.agree(agreed);
        } else if (acked.first()) {
            // There is no session without an answer to our offer.
            requests.bye(NO_ANSWER);
            over(IncomingCall.How.BY_US);
        }
    }

    /**
     * A BYE goes to where Contact or a Record-Route says, which may be anybody's address while only
     * a forged one has been shown: then to none but the peer.
     */
    private void noAck(IncomingCall.@Nullable Ending why, boolean ever) {
        Dialog open = state.dialog();
        InetAddress next = open == null ? null : open.nextAddress();
        if (why != null && (ever || (next != null && isPeer(next)))) {
            requests.bye(why);
        }
        settled();
        over(IncomingCall.How.NO_ACK);
    }

    private void bye(ServerTransaction transaction, Request request) {
        Dialog open = state.dialog();
        if (open != null && !open.takes(Dialog.cseq(request)) && !state.isOver()) {
            responses.refuse(transaction, request, 500, Rejection.OUT_OF_ORDER);
            return;
        }
        responses.answer(transaction, request, 200);
        if (answering.theyHaveHungUp()) {
            settled();
        }
        if (state.isEarly()) {
            endedEarly();
        }
        over(IncomingCall.How.BYE);
    }

    private void prack(ServerTransaction transaction, Request request) {
        if (responses.inOrder(transaction, request)) {
            if (acknowledgesProvisional(HeaderText.first(request, "RAck"))) {
                responses.answer(transaction, request, 200);
            } else {
                responses.refuse(transaction, request, 481, Rejection.NO_SUCH_CALL);
            }
        }
    }

    private void info(ServerTransaction transaction, Request request) {
        if (!responses.inOrder(transaction, request)) {
            return;
        }
        boolean takesDigits = responses.terms().takesInfoDigits();
        switch (InfoDigit.of(request)) {
            case InfoDigit.Empty empty -> responses.answer(transaction, request, 200);
            case InfoDigit.Pressed(char digit, int millis) when takesDigits -> {
                responses.answer(transaction, request, 200);
                tellDigit(digit, millis);
            }
            case InfoDigit.Pressed ignored -> responses.refuseBody(transaction, request);
            case InfoDigit.Foreign foreign -> {
                int status = informed(body(request));
                if (status == OutgoingCall.Events.UNKNOWN_BODY) {
                    responses.refuseBody(transaction, request);
                } else {
                    responses.answer(transaction, request, status);
                }
            }
        }
    }

    /** Tells the far end something within the dialog. */
    final void info(OutgoingCall.InfoBody what, IntConsumer answered) {
        var user = new Requests.FinalStatus(answered);
        if (state.isAnswered()) {
            requests.info(what, user);
        } else {
            user.failed(false);
        }
    }

    private static OutgoingCall.InfoBody body(Request request) {
        byte[] raw = request.getRawContent();
        ContentTypeHeader type = (ContentTypeHeader) request.getHeader(ContentTypeHeader.NAME);
        return new OutgoingCall.InfoBody(
                type == null ? "" : type.getContentType().toLowerCase(Locale.ROOT),
                type == null ? "" : type.getContentSubType().toLowerCase(Locale.ROOT),
                raw == null ? "" : new String(raw, StandardCharsets.UTF_8));
    }

    /** What an INFO says besides keys; those who are called by us may say more. */
    int informed(OutgoingCall.InfoBody what) {
        return OutgoingCall.Events.UNKNOWN_BODY;
    }

    private void options(ServerTransaction transaction, Request request) {
        Dialog open = state.dialog();
        if (!responses.inOrder(transaction, request) || open == null) {
            return;
        }
        Response response = responses.described(request, 200, open.at());
        writer.header(response, "Accept", "application/sdp");
        responses.send(transaction, response);
    }

    // ------------------------------------------------------------------ what we ask for

    /** As {@link IncomingCall#refer}. */
    public final void refer(String target, Consumer<IncomingCall.ReferResult> result) {
        state.act(() -> transfers.refer(target, result));
    }

    /** A 2xx to an INVITE of ours whose transaction is over. */
    public final void straySuccess(Response ok, InetAddress source) {
        state.act(() -> {
            Dialog open = state.dialog();
            if (open != null
                    && requests.acknowledges(ok)
                    && open.remoteTag().equals(EarlyDialog.tag(ok))) {
                requests.ack(open, ok);
            } else {
                answeredAgain(ok, source);
            }
        });
    }

    /** Answers once more the INVITE whose 2xx seems to have been lost. */
    public final void repeatAnswer() {
        state.act(answering::repeat);
    }

    /** BYE, CANCEL or a final refusal, as it stands; nothing if it is over. */
    public final void hangUp(IncomingCall.Ending why) {
        state.act(() -> end(why, TransactionUser.WHATEVER));
    }

    // ------------------------------------------------------------------ the end

    /**
     * As {@link #hangUp}, under the lock.
     *
     * @param user of the BYE; told that it failed where there is none
     */
    final void end(IncomingCall.Ending why, TransactionUser user) {
        sendBye(why, user);
        if (state.isEarly()) {
            hangUpEarly(why);
        } else if (state.isAnswered()) {
            over(IncomingCall.How.BY_US);
        }
    }

    /** Our 2xx, which goes out again all the same: whoever has it then hears of the end. */
    private void lost() {
        sendBye(IncomingCall.Ending.FAILURE, TransactionUser.WHATEVER);
        over(IncomingCall.How.TRANSPORT_FAILED);
    }

    /** To an answered call; where the ACK is still to come, the BYE follows it (RFC 3261 §15). */
    private void sendBye(IncomingCall.Ending why, TransactionUser user) {
        if (state.isAnswered() && !answering.delays(why)) {
            requests.bye(why, user);
        } else {
            user.failed(false);
        }
    }

    final void over(IncomingCall.How how) {
        if (state.isOver()) {
            return;
        }
        state.over();
        session.over();
        refreshing.stop();
        transfers.end(how);
        tellEnded(how);
        linger();
    }

    /** Late messages are still met for 64*T1, then nothing is left of the leg. */
    final void linger() {
        stack.later(
                stack.patience(),
                () ->
                        state.act(() -> {
                            if (answering.waits()) {
                                linger();
                                return;
                            }
                            forgotten();
                            peers.forget();
                        }));
    }
}
