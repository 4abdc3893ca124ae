package org.consentgateway.sip.endpoint;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
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
import org.consentgateway.sip.message.SipText;
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
                first.callId(), first.fromTag(), branch(), Long.toString(first.cseq()));
    }

    // ------------------------------------------------------------------ answers

    Response response(int status) {
        String tag = isInvite() ? SipText.tag() : identity().tag();
        return new Writer(stack).response(request, status, tag);
    }

    private boolean isInvite() {
        return method().equals(Request.INVITE);
    }

    /**
     * What belongs to no call is answered without keeping anything, a repetition alike (RFC 3261
     * §8.2.7); the refusal of an INVITE, which is repeated until its ACK comes, in a transaction.
     */
    void reply(Response response) throws SipException {
        if (!isInvite() || lacksHeaders()) {
            // For what lacks headers the stack makes no transaction.
            replyWithoutTransaction(response);
            return;
        }
        ServerTransaction transaction = transaction();
        if (transaction != null) {
            stack.trace.saw((SIPMessage) response, true);
            try {
                transaction.sendResponse(response);
            } catch (InvalidArgumentException impossible) {
                throw new SipException("response not sent", impossible);
            }
        }
    }

    void replyWithoutTransaction(Response response) throws SipException {
        stack.trace.saw((SIPMessage) response, true);
        provider().sendResponse(response);
    }

    /** 401, which the trace does not show. */
    void challenge(Response response) throws SipException {
        provider().sendResponse(response);
    }

    /** Such as an INVITE without a Contact (RFC 3261 §8.1.1.8). */
    private boolean lacksHeaders() {
        try {
            request.checkHeaders();
            return false;
        } catch (ParseException missing) {
            return true;
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
