package org.consentgateway.sip.dialog;

import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.transport.TransactionUser;

import java.net.InetAddress;
import java.util.Locale;

import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * Guarded by its leg's lock. The peer has asked us to call somebody else instead of it (RFC 3515
 * §2.4).
 *
 * <pre>
 *   us                        peer
 *    │ ◄─────── REFER, Refer-To │
 *    │ 202 ───────────────────► │
 *    │ NOTIFY: SIP/2.0 100 ───► │  the target rings
 *    │ NOTIFY: SIP/2.0 200 ───► │  it has answered, or another status
 *    │ BYE ───────────────────► │
 * </pre>
 */
final class Referred implements Referral {
    private static final String NEVER = "Refer-Sub";

    private final Leg leg;
    private final Request refer;
    private final ServerTransaction transaction;
    private final String target;

    /** Whether it does not want to know how it goes (RFC 4488). */
    private final boolean silent;

    private boolean answered;
    private boolean over;

    Referred(Leg leg, Request refer, ServerTransaction transaction, String target) {
        this.leg = leg;
        this.refer = refer;
        this.transaction = transaction;
        this.target = target;
        String wanted = HeaderText.first(refer, NEVER);
        this.silent = wanted != null && wanted.toLowerCase(Locale.ROOT).startsWith("false");
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public void decline() {
        leg.act(() -> {
            if (!answered) {
                answered = true;
                over = true;
                leg.refuse(transaction, refer, 603, Rejection.METHOD);
            }
        });
    }

    @Override
    public void accept() {
        leg.act(() -> {
            Dialog open = leg.dialog;
            if (answered || open == null) {
                return;
            }
            answered = true;
            Response response = leg.writer.response(refer, 202, leg.localTag);
            leg.describe(response, open.at());
            if (silent) {
                leg.writer.header(response, NEVER, "false");
            }
            leg.send(transaction, response);
            if (!over && leg.state == Leg.State.ANSWERED) {
                boolean _ =
                        notify(open, "active;expires=60", "100 Trying", TransactionUser.WHATEVER);
            }
        });
    }

    @Override
    public void end(boolean reached) {
        leg.act(() -> {
            Dialog open = leg.dialog;
            if (over) {
                return;
            }
            over = true;
            if (!answered) {
                // It came together with the end of the call.
                answered = true;
                leg.refuse(transaction, refer, 603, Rejection.METHOD);
                leg.end(IncomingCall.Ending.NORMAL);
            } else if (open == null || leg.state != Leg.State.ANSWERED) {
                leg.end(IncomingCall.Ending.NORMAL);
            } else {
                String status = reached ? "200 OK" : "480 Temporarily Unavailable";
                if (!notify(open, "terminated;reason=noresource", status, new Last())) {
                    leg.end(IncomingCall.Ending.NORMAL);
                }
            }
        });
    }

    /** False where it is not sent. */
    private boolean notify(Dialog open, String state, String status, TransactionUser told) {
        if (silent) {
            return false;
        }
        try {
            Request notify = open.request(Request.NOTIFY);
            leg.describe(notify, open.at());
            leg.writer.header(notify, "Event", "refer");
            leg.writer.header(notify, "Subscription-State", state);
            leg.writer.fragment(notify, "SIP/2.0 " + status + "\r\n");
            leg.send(open.route(), notify, told);
            return true;
        } catch (SipException noRequest) {
            return false;
        }
    }

    /** The BYE goes behind the news, lest it outruns them. */
    private final class Last implements TransactionUser {
        @Override
        public void response(Response response, InetAddress source) {
            if (response.getStatusCode() >= 200) {
                failed(false);
            }
        }

        @Override
        public void failed(boolean timeout) {
            leg.act(() -> leg.end(IncomingCall.Ending.NORMAL));
        }
    }
}
