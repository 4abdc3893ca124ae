package org.consentgateway.sip.dialog;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import java.util.concurrent.Future;
import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.jspecify.annotations.Nullable;

/**
 * Our 2xx to an INVITE, the first or a later one: repeated until its ACK comes (RFC 3261
 * §13.3.1.4), and a BYE of ours to the first waits as long (§15). Guarded by its leg's lock.
 */
final class Answering {
    static final IncomingCall.Ending NO_ACK =
            IncomingCall.Ending.q850(102, "No ACK: recovery on timer expiry");

    /**
     * Octets that are repeated over UDP for one of an INVITE. Its source may be forged, and without
     * an offer it is a third of our answer: eleven of them and a BYE as often were 56 times what
     * was sent. Of an INVITE that is as long as any telephone's all are repeated.
     */
    private static final int REPEATED = 16;

    private final Stack stack;
    private final LegState state;
    private final Outbox outbox;
    private final NoAck noAck;
    private @Nullable Unacked unacked;
    private IncomingCall.@Nullable Ending byeAfterAck;

    /** Told, under the lock, that no ACK came. */
    interface NoAck {
        /**
         * @param why of the BYE that is due; null: none, nothing more is sent unasked
         * @param ever whether the peer has acknowledged anything in this call
         */
        void came(IncomingCall.@Nullable Ending why, boolean ever);
    }

    /**
     * What an ACK has ended.
     *
     * @param first whether it is the one to our first 2xx
     * @param offered whether it has to answer an offer of ours
     * @param bye what now has to be sent, since it waited for the ACK; null: nothing
     */
    record Acked(boolean first, boolean offered, IncomingCall.@Nullable Ending bye) {}

    Answering(Stack stack, LegState state, Outbox outbox, NoAck noAck) {
        this.stack = stack;
        this.state = state;
        this.outbox = outbox;
        this.noAck = noAck;
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
    void accept(
            ServerTransaction transaction,
            Request request,
            Response response,
            Dialog open,
            boolean weOffered) {
        boolean first = state.isEarly() || (unacked != null && unacked.first);
        state.answered();
        if (unacked != null) {
            unacked.stop();
        }
        Unacked waiting = new Unacked(request, response, open.at(), weOffered, first);
        unacked = waiting;
        outbox.send(transaction, response);
        outbox.atOnceIfLiteral(open);
        waiting.schedule();
    }

    /** Whether the first 2xx goes out by itself no more. */
    boolean isOnlyForWhoAsks() {
        Unacked waiting = unacked;
        return waiting != null && waiting.first && (waiting.quiet || waiting.isSpent());
    }

    /** The INVITE came again: its 2xx seems to have been lost. */
    void repeat() {
        stack.tally.retransmission();
        Unacked waiting = unacked;
        if (waiting != null) {
            waiting.sendAgain();
        }
    }

    /** False if it may go at once. */
    boolean delays(IncomingCall.Ending bye) {
        boolean waiting = unacked != null && unacked.first;
        if (waiting) {
            byeAfterAck = bye;
        }
        return waiting;
    }

    /**
     * A BYE whose ACK never came, or is behind it: the caller knows of our 2xx.
     *
     * @return whether one was waited for
     */
    boolean theyHaveHungUp() {
        Unacked waiting = unacked;
        if (waiting == null) {
            return false;
        }
        waiting.stop();
        unacked = null;
        byeAfterAck = null;
        return true;
    }

    /** Null if no 2xx of ours waits for this ACK. */
    @Nullable Acked ack(Request request) {
        Unacked waiting = unacked;
        if (waiting == null || waiting.cseq != Dialog.cseq(request)) {
            return null;
        }
        waiting.stop();
        unacked = null;
        IncomingCall.Ending bye = byeAfterAck;
        byeAfterAck = null;
        return new Acked(waiting.first, waiting.offered, bye);
    }

    /**
     * The first 2xx goes out when its INVITE comes again, and by itself no more, nor does a BYE.
     */
    void answersOnlyWhenAsked() {
        if (unacked != null && unacked.first) {
            unacked.quiet = true;
        }
    }

    private void noAck(Unacked waited) {
        IncomingCall.Ending bye = byeAfterAck != null ? byeAfterAck : NO_ACK;
        byeAfterAck = null;
        noAck.came(waited.isSpent() ? null : bye, !waited.first);
    }

    /** A 2xx until its ACK comes. Guarded by the leg's lock. */
    private final class Unacked {
        private final long cseq;
        private final @Nullable Object cameBy;
        private final Response response;
        private final LocalAddress at;
        private final boolean offered;
        private final boolean first;
        private long interval = stack.t1();
        private long waited;
        private boolean quiet;

        /** Whether repetitions count: the source of the INVITE may be forged. */
        private final boolean counted;

        /** Octets that may still be repeated; less than none once that was not enough. */
        private int spare;

        private @Nullable Future<?> next;

        Unacked(
                Request request,
                Response response,
                LocalAddress at,
                boolean offered,
                boolean first) {
            this.cseq = Dialog.cseq(request);
            this.cameBy = ((SIPRequest) request).getMessageChannel();
            this.response = response;
            this.at = at;
            this.offered = offered;
            this.first = first;
            this.counted = first && at.transport() == Transport.UDP;
            this.spare = REPEATED * ((SIPRequest) request).getSize();
        }

        /** Of a repetition; written out only where there is one, which hardly any call has. */
        private int octets() {
            return counted ? ((SIPResponse) response).encodeAsBytes("udp").length : 0;
        }

        boolean isSpent() {
            return spare < 0;
        }

        void schedule() {
            long now = interval;
            next = stack.after(now, () -> state.act(() -> due(now)));
        }

        private void due(long after) {
            if (unacked != this) {
                return;
            }
            waited += after;
            if (waited >= stack.patience()) {
                unacked = null;
                if (!quiet) {
                    noAck(this);
                }
                return;
            }
            if (!quiet && !isSpent()) {
                spare -= octets();
            }
            if (!quiet && !isSpent()) {
                // Also over a connection: between us and the caller there may be hops without.
                stack.tally.retransmission();
                sendAgain();
            }
            // T2 is 8*T1 (4 s).
            interval = Math.min(interval * 2, 8 * stack.t1());
            interval = Math.min(interval, stack.patience() - waited);
            schedule();
        }

        void sendAgain() {
            outbox.sendAgain(at, response, cameBy);
        }

        void stop() {
            if (next != null) {
                next.cancel(false);
            }
        }
    }
}
