package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPServerTransactionImpl;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import javax.sip.TransactionState;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * A request of somebody else. Over UDP the stack repeats the refusal of an INVITE until its ACK
 * comes (RFC 3261 §17.2.1), eleven times in all to an address that may be forged, tells nobody of
 * the ACK, and cannot be told to stop; behind a 2xx it keeps to itself that the INVITE comes again
 * (RFC 6026 §7.1). Thread-safe.
 */
public final class OwnServerTransaction extends SIPServerTransactionImpl {
    private volatile boolean quiet;
    private volatile @Nullable Runnable acknowledged;
    private volatile @Nullable Runnable repeated;

    public OwnServerTransaction(SIPTransactionStack stack, MessageChannel channel) {
        super(stack, channel);
    }

    /** From now on its refusal goes out when its INVITE comes again, and by itself no more. */
    public void answersOnlyWhenAsked() {
        quiet = true;
    }

    /**
     * @param told once for each ACK of the refusal, on the thread that reads messages
     */
    public void onAck(Runnable told) {
        acknowledged = told;
    }

    /**
     * @param told each time that the INVITE comes again behind our 2xx, on the same thread
     */
    public void onRepetition(Runnable told) {
        repeated = told;
    }

    @Override
    public void fireRetransmissionTimer() {
        if (!quiet) {
            super.fireRetransmissionTimer();
        }
    }

    @Override
    public void processRequest(SIPRequest request, MessageChannel channel) {
        boolean over = getRealState() == TransactionState._TERMINATED;
        super.processRequest(request, channel);
        Runnable told = acknowledged;
        if (told != null && request.getMethod().equals(Request.ACK)) {
            told.run();
        }
        Runnable asked = repeated;
        if (asked != null && over && request.getMethod().equals(Request.INVITE)) {
            asked.run();
        }
    }
}
