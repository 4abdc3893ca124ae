package org.consentgateway.sip.dialog;

import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.Methods;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.Writer;

/** Our answers to what the peer asks for. Guarded by its leg's lock. */
final class Responses {
    final Writer writer;
    private final Stack stack;
    private final LegState state;
    private final Outbox outbox;
    private final LegTerms terms;
    private final String localTag;

    Responses(Stack stack, LegState state, Outbox outbox, LegTerms terms, String localTag) {
        this.writer = new Writer(stack);
        this.stack = stack;
        this.state = state;
        this.outbox = outbox;
        this.terms = terms;
        this.localTag = localTag;
    }

    LegTerms terms() {
        return terms;
    }

    /** With our tag. */
    Response of(Request request, int status) {
        return writer.response(request, status, localTag);
    }

    Response of(Request request, int status, String reason) {
        return writer.response(request, status, reason, localTag);
    }

    /** With our tag and Contact, and what we can do. */
    Response described(Request request, int status, LocalAddress at) {
        Response response = of(request, status);
        terms.describe(writer, response, at);
        return response;
    }

    void send(ServerTransaction transaction, Response response) {
        outbox.send(transaction, response);
    }

    /** Whether the next messages may go without a wait depends on where they go. */
    void atOnceIfLiteral(Dialog open) {
        outbox.atOnceIfLiteral(open);
    }

    void answer(ServerTransaction transaction, Request request, int status) {
        send(transaction, of(request, status));
    }

    void refuse(ServerTransaction transaction, Request request, int status, Rejection reason) {
        stack.tally.rejected(reason);
        answer(transaction, request, status);
    }

    /** 415: a body we cannot read. */
    void refuseBody(ServerTransaction transaction, Request request) {
        stack.tally.rejected(Rejection.BAD_BODY);
        Response response = of(request, 415);
        writer.header(
                response,
                "Accept",
                terms.takesInfoDigits()
                        ? "application/sdp, application/dtmf-relay, application/dtmf"
                        : "application/sdp");
        send(transaction, response);
    }

    /** 489: news of something that we have not asked for (RFC 6665 §8.3.2). */
    void refuseEvent(ServerTransaction transaction, Request request) {
        stack.tally.rejected(Rejection.METHOD);
        Response response = of(request, Response.BAD_EVENT);
        writer.header(response, "Allow-Events", Transfers.EVENT);
        send(transaction, response);
    }

    /** False if it was refused: it belongs to no call, or is out of order. */
    boolean inOrder(ServerTransaction transaction, Request request) {
        Dialog open = state.dialog();
        if (open == null || state.isOver()) {
            refuse(transaction, request, 481, Rejection.NO_SUCH_CALL);
            return false;
        }
        if (!open.takes(Dialog.cseq(request))) {
            refuse(transaction, request, 500, Rejection.OUT_OF_ORDER);
            return false;
        }
        return true;
    }

    /** 405 or 501: a method we do not serve in a dialog. */
    void unserved(ServerTransaction transaction, Request request) {
        stack.tally.rejected(Rejection.METHOD);
        boolean known = Methods.KNOWN.contains(request.getMethod());
        Response response = of(request, known ? 405 : 501);
        writer.allow(response);
        send(transaction, response);
    }
}
