package org.consentgateway.sip.dialog;

import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.EventHeader;
import javax.sip.header.ReferToHeader;
import javax.sip.message.Request;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.HeaderText;
import org.jspecify.annotations.Nullable;

/** Who asks whom to call somebody else instead (RFC 3515). Guarded by its leg's lock. */
final class Transfers {
    /** The event package that tells how a transfer goes. */
    static final String EVENT = "refer";

    private final LegState state;
    private final Responses responses;
    private final Requests requests;
    private final Consumer<Referral> news;
    private final ReceivedRefer.HangUp hangUp;

    /**
     * By their CSeq, which is what a NOTIFY calls them (RFC 3515 §2.4.6), in order. As many at most
     * as the line has humans.
     */
    private final Map<String, SentRefer> ours = new LinkedHashMap<>();

    private @Nullable ReceivedRefer theirs;

    /**
     * @param news told, under the lock, whom the peer wants called instead of it
     * @param hangUp of a call that the peer has handed over
     */
    Transfers(
            LegState state,
            Responses responses,
            Requests requests,
            Consumer<Referral> news,
            ReceivedRefer.HangUp hangUp) {
        this.state = state;
        this.responses = responses;
        this.requests = requests;
        this.news = news;
        this.hangUp = hangUp;
    }

    /** Asks the peer to call somebody else instead of us; see {@link SentRefer}. */
    void refer(String target, Consumer<IncomingCall.ReferResult> result) {
        Dialog open = state.dialog();
        SentRefer now = new SentRefer(state, result);
        if (!state.isAnswered() || open == null) {
            now.end(
                    state.isOver()
                            ? IncomingCall.ReferResult.ENDED
                            : IncomingCall.ReferResult.FAILED);
            return;
        }
        try {
            Request refer = requests.described(open, Request.REFER);
            requests.writer.header(refer, "Refer-To", "<" + target + ">");
            requests.writer.header(refer, "Referred-By", "<" + open.at().uri() + ">");
            ours.put(Long.toString(Dialog.cseq(refer)), now);
            requests.send(open, refer, now);
        } catch (SipException | IllegalArgumentException noRequest) {
            now.end(IncomingCall.ReferResult.FAILED);
        }
    }

    /**
     * Of a transfer of ours; the subscription it belongs to is implicit (RFC 3515 §2.4.4). Of
     * several it names its own; without a name it is of the first (§2.4.6), of which nothing more
     * comes once its result is known.
     */
    void notified(ServerTransaction transaction, Request request) {
        if (!responses.inOrder(transaction, request)) {
            return;
        }
        EventHeader event = (EventHeader) request.getHeader(EventHeader.NAME);
        if (event == null || !event.getEventType().equalsIgnoreCase(EVENT)) {
            responses.refuseEvent(transaction, request);
            return;
        }
        SentRefer transfer = of(event.getEventId());
        if (transfer == null) {
            responses.refuse(transaction, request, 481, Rejection.NO_SUCH_CALL);
        } else {
            responses.answer(transaction, request, 200);
            transfer.notified(request);
        }
    }

    /** Null if it is of none. */
    private @Nullable SentRefer of(@Nullable String id) {
        if (id != null && ours.size() > 1) {
            return ours.get(id);
        }
        // Of one alone it is also where something between us has counted CSeq anew.
        @Nullable SentRefer newest = null;
        for (SentRefer each : ours.values()) {
            if (each.isOpen()) {
                return each;
            }
            newest = each;
        }
        return newest;
    }

    /** The peer asks us to call somebody else instead of it. */
    void referred(ServerTransaction transaction, Request request) {
        if (!responses.inOrder(transaction, request)) {
            return;
        }
        if (responses.terms().referrals().isEmpty() || theirs != null) {
            responses.refuse(transaction, request, 603, Rejection.METHOD);
            return;
        }
        if (HeaderText.values(request, ReferToHeader.NAME).size() != 1
                || !(request.getHeader(ReferToHeader.NAME) instanceof ReferToHeader to)) {
            // RFC 3515 §2.4.1: one, and only one.
            responses.refuse(transaction, request, 400, Rejection.MALFORMED);
            return;
        }
        String target = allowed(to.getAddress().getURI());
        if (target == null) {
            responses.refuse(transaction, request, 603, Rejection.METHOD);
            return;
        }
        theirs =
                new ReceivedRefer(
                        state,
                        responses,
                        requests,
                        new ReceivedRefer.Asked(request, transaction, target),
                        hangUp);
        news.accept(theirs);
    }

    /** The one of those allowed that it is; null if it is none, or more than an address. */
    private @Nullable String allowed(URI uri) {
        if (!(uri.clone() instanceof SipURI named) || named.getHeaderNames().hasNext()) {
            return null;
        }
        String method = named.getMethodParam();
        if (method != null && !method.equalsIgnoreCase(Request.INVITE)) {
            return null;
        }
        named.removeParameter("method");
        return responses.terms().referrals().stream()
                .filter(each -> same(each, named))
                .findFirst()
                .orElse(null);
    }

    private boolean same(String text, SipURI named) {
        try {
            return requests.writer.uri(text).equals(named); // RFC 3261 §19.1.4
        } catch (ParseException noUri) {
            return false;
        }
    }

    /** The call is over. */
    void end(IncomingCall.How how) {
        ours.values().forEach(each -> each.callEnded(how));
    }
}
