package org.consentgateway.sip;

import java.util.function.Consumer;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;

/** Guarded by its leg's lock. Who asks whom to call somebody else instead (RFC 3515). */
final class Transfers {
    private final Leg leg;
    private @Nullable Referring ours;

    Transfers(Leg leg) {
        this.leg = leg;
    }

    /** Asks the peer to call somebody else instead of us; see {@link Referring}. */
    void refer(String target, Consumer<Boolean> reached) {
        Dialog open = leg.dialog;
        Referring now = new Referring(leg, reached);
        if (leg.state != Leg.State.ANSWERED || open == null) {
            now.end(false);
            return;
        }
        try {
            Request refer = open.request(Request.REFER);
            leg.writer.describe(refer, open.at());
            leg.writer.header(refer, "Refer-To", "<" + target + ">");
            leg.writer.header(refer, "Referred-By", "<" + open.at().uri() + ">");
            ours = now;
            leg.send(open.route(), refer, now);
        } catch (SipException | IllegalArgumentException noRequest) {
            now.end(false);
        }
    }

    /** Of a transfer of ours; the subscription it belongs to is implicit (RFC 3515 §2.4.4). */
    void notified(Request request, ServerTransaction transaction) {
        if (!leg.inOrder(request, transaction)) {
            return;
        }
        Referring transfer = ours;
        if (transfer == null) {
            leg.refuse(transaction, request, 481, Rejection.NO_SUCH_CALL);
        } else {
            leg.answer(transaction, request, 200);
            transfer.notified(request);
        }
    }

    /** The call is over. */
    void end() {
        if (ours != null) {
            ours.end(false);
        }
    }
}
