package org.consentgateway.sip.dialog;

import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.Stack;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Future;

import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * Guarded by its leg's lock. Our 2xx to an INVITE, the first or a later one: repeated until its ACK
 * comes (RFC 3261 §13.3.1.4), and a BYE of ours to the first waits as long (§15).
 */
final class Answering {
    private static final IncomingCall.Ending NO_ACK =
            new IncomingCall.Ending(102, "No ACK: recovery on timer expiry");

    private static final IncomingCall.Ending NO_ANSWER =
            new IncomingCall.Ending(88, "Incompatible destination");

    private final Leg leg;
    private @Nullable Unacked unacked;
    private IncomingCall.@Nullable Ending byeAfterAck;

    Answering(Leg leg) {
        this.leg = leg;
    }

    /** Whether an ACK is still to come. */
    boolean waits() {
        return unacked != null;
    }

    /** Whether an ACK is still to come that answers an offer of ours. */
    boolean offers() {
        return unacked != null && unacked.offered;
    }

    /**
     * 200 to an INVITE.
     *
     * @param weOffered whether the description is an offer, which the ACK has to answer
     */
    void accept(Request request, ServerTransaction transaction, String sdp, boolean weOffered) {
        Dialog open = leg.dialog;
        if (open == null) {
            return;
        }
        Response response = leg.writer.response(request, 200, leg.localTag);
        leg.describe(response, open.at());
        leg.writer.sdp(response, sdp);
        leg.refreshing.answer(request, response);
        boolean first = leg.state == Leg.State.EARLY || (unacked != null && unacked.first);
        leg.state = Leg.State.ANSWERED;
        if (unacked != null) {
            unacked.stop();
        }
        Unacked waiting = new Unacked(Leg.cseq(request), response, open.at(), weOffered, first);
        unacked = waiting;
        leg.send(transaction, response);
        leg.outbox.atOnceIfLiteral(open);
        waiting.schedule();
    }

    /** The INVITE came again: its 2xx seems to have been lost. */
    void repeat() {
        leg.stack.tally.retransmission();
        Unacked waiting = unacked;
        if (waiting != null) {
            leg.outbox.sendAgain(waiting.at.provider(), waiting.response);
        }
    }

    /** False where it may go at once. */
    boolean delays(IncomingCall.Ending bye) {
        boolean waiting = unacked != null && unacked.first;
        if (waiting) {
            byeAfterAck = bye;
        }
        return waiting;
    }

    /** A BYE whose ACK never came, or is behind it: the caller knows of our 2xx. */
    void theyHaveHungUp() {
        if (unacked != null) {
            unacked.stop();
            unacked = null;
            byeAfterAck = null;
        }
    }

    void ack(Request request) {
        Unacked waiting = unacked;
        if (waiting == null || waiting.cseq != Leg.cseq(request)) {
            return;
        }
        waiting.stop();
        unacked = null;
        if (byeAfterAck != null) {
            leg.sendBye(byeAfterAck);
            byeAfterAck = null;
            return;
        }
        if (leg.state != Leg.State.ANSWERED) {
            return;
        }
        if (waiting.first) {
            leg.tellAcknowledged();
        }
        if (!waiting.offered) {
            return;
        }
        Negotiation.Agreed agreed =
                SdpBody.of(request) instanceof SdpBody.Described(SessionDescription answer)
                        ? leg.session.answeredBy(answer)
                        : null;
        if (agreed != null) {
            leg.session.agree(agreed);
        } else if (waiting.first) {
            // There is no session without an answer to our offer.
            leg.sendBye(NO_ANSWER);
            leg.over(IncomingCall.How.BY_US);
        }
    }

    private void noAck() {
        leg.sendBye(byeAfterAck != null ? byeAfterAck : NO_ACK);
        byeAfterAck = null;
        leg.over(IncomingCall.How.NO_ACK);
    }

    /** Guarded by the leg's lock. A 2xx until its ACK comes. */
    private final class Unacked {
        private final long cseq;
        private final Response response;
        private final Stack.Local at;
        private final boolean offered;
        private final boolean first;
        private long interval = leg.stack.t1();
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
            next = leg.stack.after(now, () -> leg.act(() -> due(now)));
        }

        private void due(long after) {
            Stack stack = leg.stack;
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
                leg.outbox.sendAgain(at.provider(), response);
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
}
