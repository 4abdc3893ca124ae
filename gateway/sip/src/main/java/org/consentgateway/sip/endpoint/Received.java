package org.consentgateway.sip.endpoint;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import java.net.InetAddress;
import java.text.ParseException;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipProvider;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.message.UnmarkedVia;
import org.consentgateway.sip.screen.InviteIdentity;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.Writer;
import org.jspecify.annotations.Nullable;

/** One request that has come in, and the ways to answer it. Immutable. */
record Received(Stack stack, RequestEvent event, SIPRequest request) {

    InetAddress source() {
        return request.getRemoteAddress();
    }

    String method() {
        return request.getMethod();
    }

    /** Where it came in. */
    LocalAddress at() {
        return stack.locals.facing(provider(), source());
    }

    /** Whether it came over a connection, which proves the address it says to come from. */
    boolean isProven() {
        return at().hasConnections();
    }

    private SipProvider provider() {
        return (SipProvider) event.getSource();
    }

    DialogTable.First first() {
        return first(request);
    }

    static DialogTable.First first(SIPRequest request) {
        String fromTag = request.getFromTag();
        return new DialogTable.First(
                request.getCallId().getCallId(),
                fromTag == null ? "" : fromTag,
                request.getCSeq().getSeqNumber());
    }

    String branch() {
        return branch(request);
    }

    static String branch(SIPRequest request) {
        String branch = request.getTopmostVia().getBranch();
        return branch == null ? "" : branch;
    }

    /** As the screen makes its own of it, which then drops the ACK. */
    InviteIdentity identity() {
        DialogTable.First first = first();
        return InviteIdentity.of(
                first.callId(),
                first.fromTag(),
                UnmarkedVia.written(request.getTopmostVia()),
                Long.toString(first.cseq()));
    }

    // ------------------------------------------------------------------ answers

    /** With the To tag that each repetition gets, and by which the screen knows the ACK. */
    Response response(int status) {
        return new Writer(stack).response(request, status, identity().tag());
    }

    /**
     * Without a transaction, since nothing is kept of what belongs to no call: its sender, who may
     * have forged its address, hears again what it asks again (RFC 3261 §8.2.7), and not until an
     * ACK comes.
     *
     * @return false: not sent, since over UDP it is longer than the request
     */
    boolean reply(Response response) throws SipException {
        if (!NoLonger.than(request, (SIPResponse) response)) {
            return false;
        }
        stack.trace.saw((SIPMessage) response, true);
        Stack.respond(provider(), response, request.getMessageChannel());
        return true;
    }

    /** 500 to what we were not able to handle, lest its sender waits for us (RFC 3261 §21.5.1). */
    void failed() {
        if (method().equals(Request.ACK)) {
            return;
        }
        try {
            Response response = response(500);
            if (request.getTransaction() instanceof SIPServerTransaction begun
                    && begun.isTransactionMapped()) {
                stack.trace.saw((SIPMessage) response, true);
                begun.sendResponse(response);
            } else {
                boolean _ = reply(response);
            }
        } catch (SipException | RuntimeException unanswerable) {
            // Or it has its answer.
        }
    }

    /**
     * 401, which the trace does not show; as {@link #reply}, with one challenge where there is no
     * room for more.
     *
     * @param response with the strongest challenge first
     */
    boolean challenge(Response response) throws SipException {
        if (!NoLonger.than(request, (SIPResponse) response)) {
            return false;
        }
        Stack.respond(provider(), response, request.getMessageChannel());
        return true;
    }

    /**
     * Whether it has all headers that its method needs, such as Event and Subscription-State of
     * NOTIFY (RFC 6665 §8.1): the stack makes no transaction of another. One hop more or less is
     * nothing to us, and who leaves Max-Forwards out has to be able to hang up.
     */
    boolean isComplete() {
        try {
            if (request.getMaxForwards() == null) {
                request.setMaxForwards(stack.headers.createMaxForwardsHeader(1));
            }
            request.checkHeaders();
            return true;
        } catch (ParseException | InvalidArgumentException lacking) {
            return false;
        }
    }

    /** Null if the stack is already at it: a repetition that overtook its first. */
    @Nullable ServerTransaction transaction() {
        ServerTransaction transaction = event.getServerTransaction();
        if (transaction != null) {
            return transaction;
        }
        try {
            return provider().getNewServerTransaction(request);
        } catch (SipException already) {
            return null;
        }
    }
}
