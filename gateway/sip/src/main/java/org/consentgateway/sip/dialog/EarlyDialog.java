package org.consentgateway.sip.dialog;

import java.util.HashMap;
import java.util.Map;
import javax.sip.SipException;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.sdp.SdpBody;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.jspecify.annotations.Nullable;

/**
 * What provisional responses to our INVITE have made: a dialog for those that want a PRACK (RFC
 * 3262 §4), and the description they bore. Guarded by its leg's lock.
 */
final class EarlyDialog {
    /** PRACKs of one call: each is repeated to wherever the Contact of its response says. */
    static final int MAX_PRACKS = 16;

    /** One of those that a proxy has forked to: each numbers its responses itself. */
    private static final class Ringing {
        private final Dialog dialog;
        private long rSeq;

        private Ringing(Dialog dialog) {
            this.dialog = dialog;
        }
    }

    private final Stack stack;
    private final Requests requests;
    private final Map<String, Ringing> ringing = new HashMap<>();
    private int pracks;
    private @Nullable SessionDescription description;

    EarlyDialog(Stack stack, Requests requests) {
        this.stack = stack;
        this.requests = requests;
    }

    /**
     * @param asked by what it responds to
     * @param at from where that went
     */
    void provisional(Response response, Dialog.Asked asked, LocalAddress at) {
        if (SdpBody.of(response) instanceof SdpBody.Described(SessionDescription described)) {
            description = described;
        }
        if (HeaderText.tokens(response, "Require").contains("100rel")) {
            long number = number(HeaderText.first(response, "RSeq"));
            Ringing phone = ringing.get(tag(response));
            if (number > 0 && pracks < MAX_PRACKS && (phone == null || number == phone.rSeq + 1)) {
                pracks++;
                prack(response, asked, at, number);
            }
        }
    }

    /**
     * In the order of their numbers, once each: what comes ahead of another is repeated until it is
     * its turn (RFC 3262 §4).
     */
    private void prack(Response response, Dialog.Asked asked, LocalAddress at, long number) {
        Ringing phone =
                ringing.computeIfAbsent(
                        tag(response),
                        _ -> new Ringing(Dialog.answered(stack, at, asked, response)));
        phone.rSeq = number;
        try {
            Request prack = phone.dialog.request(Request.PRACK);
            requests.writer.header(prack, "RAck", number + " " + Dialog.cseq(response) + " INVITE");
            requests.send(phone.dialog.route(), prack, TransactionUser.WHATEVER);
        } catch (SipException noRequest) {
            // They repeat it, and in the end give up.
        }
    }

    /** The last description of the called side; null if there was none. */
    @Nullable SessionDescription description() {
        return description;
    }

    /** The dialog of a 2xx: this one, if it has the same tag (RFC 3261 §13.2.2.4). */
    Dialog confirmed(Response ok, Dialog.Asked asked, LocalAddress at) {
        Ringing rung = ringing.get(tag(ok));
        return rung != null ? rung.dialog.confirmed(ok) : Dialog.answered(stack, at, asked, ok);
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,10}") ? Long.parseLong(text) : -1;
    }

    static String tag(Response response) {
        ToHeader to = (ToHeader) response.getHeader(ToHeader.NAME);
        return to.getTag() == null ? "" : to.getTag();
    }
}
