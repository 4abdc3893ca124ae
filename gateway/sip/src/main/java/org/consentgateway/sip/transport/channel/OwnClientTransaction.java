package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPClientTransactionImpl;
import gov.nist.javax.sip.stack.SIPTransactionErrorEvent;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sip.TransactionState;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.transport.channel.UnansweredRequests.Followed;
import org.jspecify.annotations.Nullable;

/**
 * A request of ours. The stack acknowledges the refusal of an INVITE before it tells anybody of it,
 * and where the connection has closed meanwhile, so that the ACK cannot be sent, it told nobody at
 * all (behind a provisional response): whoever waited for an answer waited on. So they did where
 * the connection had closed before any answer ({@link UnansweredRequests}).
 */
public final class OwnClientTransaction extends SIPClientTransactionImpl {
    /** What came before the end of a connection is read by another thread. */
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private final @Nullable Followed channel;

    /** What it went over, while nothing has come. */
    private volatile @Nullable Socket over;

    private volatile Duration longest = LAST_WORDS;
    private volatile boolean cutOff;
    private volatile @Nullable SIPResponse standIn;

    public OwnClientTransaction(SIPTransactionStack stack, MessageChannel channel) {
        super(stack, channel);
        this.channel = channel instanceof Followed followed ? followed : null;
    }

    @Override
    public void sendMessage(SIPMessage message) throws IOException {
        try {
            super.sendMessage(message);
        } catch (IOException | RuntimeException notSent) {
            if (!message.getCSeq().getMethod().equals(Request.ACK)) {
                throw notSent;
            }
            // Its server says the refusal again, or is gone (RFC 3261 §17.1.1.2).
        }
        follow();
    }

    private void follow() {
        Followed sent = channel;
        if (sent == null || !waits(getInternalState())) {
            return;
        }
        Socket connection = sent.connection();
        if (connection == null) {
            cutOffLater(); // it has ended already
            return;
        }
        over = connection;
        sent.unanswered().sent(this, connection);
        forgetUnlessWaiting(); // it may have its answer already
    }

    /** Whether nothing has come yet. */
    private static boolean waits(int state) {
        return state == TransactionState._CALLING || state == TransactionState._TRYING;
    }

    @Override
    public void setState(int next) {
        super.setState(next);
        forgetUnlessWaiting();
    }

    private void forgetUnlessWaiting() {
        Followed sent = channel;
        Socket connection = over;
        if (sent != null && connection != null && !waits(getInternalState())) {
            over = null;
            sent.unanswered().answered(this, connection);
        }
    }

    /**
     * Its answer may come by a connection that the peer makes (RFC 3261 §18.2.2): for so long it is
     * waited for behind the end of its own.
     */
    public void waitsBehindItsConnection(Duration time) {
        longest = time.compareTo(LAST_WORDS) > 0 ? time : LAST_WORDS;
    }

    /** Its connection has ended before anything came. */
    void cutOffLater() {
        CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::cutOff);
    }

    private synchronized void cutOff() {
        if (waits(getInternalState())) {
            cutOff = true;
            raiseErrorEvent(SIPTransactionErrorEvent.TRANSPORT_ERROR);
        }
    }

    /**
     * Its final answer has come, and nothing of that can be read but whose it is, and its status. A
     * success would have to be acknowledged to whom its To names, so here it is a failure of its
     * server (500); no ACK goes out, since that of a failure might be taken for one of a success.
     */
    public synchronized void answeredUnreadably(int status) {
        SIPRequest request = getOriginalRequest();
        if (request != null && waitsForFinal(getInternalState())) {
            int failure = status / 100 == 2 ? Response.SERVER_INTERNAL_ERROR : status;
            standIn = request.createResponse(failure);
            raiseErrorEvent(SIPTransactionErrorEvent.TRANSPORT_ERROR);
        }
    }

    private static boolean waitsForFinal(int state) {
        return waits(state) || state == TransactionState._PROCEEDING;
    }

    /** What stands for a final answer that cannot be read; null if none has come. */
    public @Nullable Response standIn() {
        return standIn;
    }

    /** Whether it is over for that, and not because its time is. */
    public boolean isCutOff() {
        return cutOff;
    }
}
