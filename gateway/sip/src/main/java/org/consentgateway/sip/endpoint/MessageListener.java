package org.consentgateway.sip.endpoint;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sip.ClientTransaction;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.dialog.Leg;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.channel.OwnClientTransaction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every message comes in: requests go to the {@link UasCore}, responses to those who sent the
 * requests. Thread-safe. Runs on the stack's threads and never waits.
 */
final class MessageListener implements SipListener {
    private static final Logger LOG = LoggerFactory.getLogger(MessageListener.class);

    private final DialogTable dialogs;
    private final LiveCounters tally;
    private final UasCore uas;

    /** Where the handling of a message has failed. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Set once, before any message can come in. */
    private @Nullable Stack opened;

    MessageListener(DialogTable dialogs, LiveCounters tally, UasCore uas) {
        this.dialogs = dialogs;
        this.tally = tally;
        this.uas = uas;
    }

    synchronized void open(Stack stack) {
        opened = stack;
    }

    private synchronized @Nullable Stack stack() {
        return opened;
    }

    @Override
    public void processRequest(RequestEvent event) {
        Stack stack = stack();
        if (stack == null) {
            return;
        }
        Received received = new Received(stack, event, (SIPRequest) event.getRequest());
        try {
            tally.request(received.method());
            stack.trace.saw(received.request(), false);
            uas.received(received);
        } catch (SipException unsent) {
            // The peer has gone, or repeats itself: not a fault in what it wrote.
            LOG.debug("request not answered: {}", unsent.getClass().getName());
        } catch (RuntimeException | StackOverflowError broken) {
            failed("request", broken);
            received.failed();
        }
    }

    /**
     * What the parser let through and we did not expect: the message is lost, not the endpoint. Its
     * text may hold numbers and stays out of the log, which hears of each place once, since whoever
     * has found one may come again.
     */
    private void failed(String what, Throwable broken) {
        tally.rejected(Rejection.MALFORMED);
        StackTraceElement[] trace = broken.getStackTrace();
        String place = broken.getClass().getName() + " at " + (trace.length == 0 ? "?" : trace[0]);
        if (told.add(place)) {
            LOG.warn("a SIP {} was not handled: {}", what, place);
        }
    }

    @Override
    public void processResponse(ResponseEvent event) {
        Response response = event.getResponse();
        InetAddress source = ((SIPMessage) response).getRemoteAddress();
        ClientTransaction transaction = event.getClientTransaction();
        Stack stack = stack();
        if (stack != null) {
            stack.trace.saw((SIPMessage) response, false);
        }
        try {
            if (transaction != null) {
                if (transaction.getApplicationData() instanceof TransactionUser user) {
                    user.response(response, source);
                }
            } else {
                stray((SIPMessage) response, response, source);
            }
        } catch (RuntimeException | StackOverflowError broken) {
            failed("response", broken);
            if (transaction != null
                    && response.getStatusCode() >= 200
                    && transaction.getApplicationData() instanceof TransactionUser user) {
                user.failed(false); // nothing else will come of that request
            }
        }
    }

    /** A 2xx whose transaction ended with the first 2xx: repeated, or of another fork. */
    private void stray(SIPMessage message, Response response, InetAddress source) {
        if (response.getStatusCode() / 100 != 2
                || !message.getCSeq().getMethod().equals(Request.INVITE)) {
            return;
        }
        String fromTag = message.getFromTag();
        Leg leg = fromTag == null ? null : dialogs.leg(message.getCallId().getCallId(), fromTag);
        if (leg != null && leg.isPeer(source)) {
            leg.straySuccess(response, source);
        }
    }

    @Override
    public void processTimeout(TimeoutEvent event) {
        if (!event.isServerTransaction()
                && event.getClientTransaction() != null
                && event.getClientTransaction().getApplicationData()
                        instanceof TransactionUser user) {
            over(event.getClientTransaction(), user);
        }
    }

    /** Nothing more will come to a request of ours. */
    private static void over(ClientTransaction transaction, TransactionUser user) {
        if (!(transaction instanceof OwnClientTransaction ours)) {
            user.failed(true);
            return;
        }
        Response standIn = ours.standIn();
        if (standIn != null) {
            user.response(standIn, ours.getPeerInetAddress());
        } else {
            user.failed(!ours.isCutOff());
        }
    }

    @Override
    public void processIOException(IOExceptionEvent event) {
        LOG.debug("SIP transport failed ({})", event.getTransport());
    }

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {
        // What hung on it may go: finished transactions linger for half a minute.
        if (event.isServerTransaction()) {
            event.getServerTransaction().setApplicationData(null);
        } else {
            event.getClientTransaction().setApplicationData(null);
        }
    }

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        // The stack's dialogs are switched off.
    }
}
