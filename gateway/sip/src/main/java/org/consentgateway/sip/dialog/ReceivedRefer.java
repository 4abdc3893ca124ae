package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.util.Locale;
import java.util.function.IntConsumer;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.transport.TransactionUser;

/**
 * The peer has asked us to call somebody else instead of it (RFC 3515 §2.4). Guarded by its leg's
 * lock.
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
final class ReceivedRefer implements Referral {
    private static final String NEVER = "Refer-Sub";

    private final LegState state;
    private final Responses responses;
    private final Requests requests;
    private final Asked asked;
    private final HangUp hangUp;

    /** Whether it does not want to know how it goes (RFC 4488). */
    private final boolean silent;

    private boolean answered;
    private boolean over;

    /**
     * @param target whom it names, one of those allowed
     */
    record Asked(Request refer, ServerTransaction transaction, String target) {}

    /** As {@link Leg#end}: ends the call, under the lock. */
    interface HangUp {
        void end(IncomingCall.Ending why, TransactionUser user);
    }

    ReceivedRefer(
            LegState state, Responses responses, Requests requests, Asked asked, HangUp hangUp) {
        this.state = state;
        this.responses = responses;
        this.requests = requests;
        this.asked = asked;
        this.hangUp = hangUp;
        String wanted = HeaderText.first(asked.refer(), NEVER);
        this.silent = wanted != null && wanted.toLowerCase(Locale.ROOT).startsWith("false");
    }

    @Override
    public String target() {
        return asked.target();
    }

    @Override
    public void decline() {
        state.act(() -> {
            if (!answered) {
                answered = true;
                over = true;
                refuse();
            }
        });
    }

    @Override
    public void accept() {
        state.act(() -> {
            Dialog open = state.dialog();
            if (answered || open == null) {
                return;
            }
            answered = true;
            Response response = responses.described(asked.refer(), 202, open.at());
            if (silent) {
                responses.writer.header(response, NEVER, "false");
            }
            responses.send(asked.transaction(), response);
            if (!over && state.isAnswered()) {
                boolean _ =
                        notify(open, "active;expires=60", "100 Trying", TransactionUser.WHATEVER);
            }
        });
    }

    @Override
    public void end(boolean reached, IncomingCall.Ending why, IntConsumer told) {
        Runnable bye = () -> hangUp.end(why, new Requests.FinalStatus(told));
        state.act(() -> {
            Dialog open = state.dialog();
            if (over) {
                return;
            }
            over = true;
            if (!answered) {
                // It came together with the end of the call.
                answered = true;
                refuse();
                bye.run();
            } else if (open == null || !state.isAnswered()) {
                bye.run();
            } else {
                String status = reached ? "200 OK" : "480 Temporarily Unavailable";
                if (!notify(open, "terminated;reason=noresource", status, new Last(bye))) {
                    bye.run();
                }
            }
        });
    }

    private void refuse() {
        responses.refuse(asked.transaction(), asked.refer(), 603, Rejection.METHOD);
    }

    /** False if it is not sent. */
    private boolean notify(Dialog open, String subscription, String status, TransactionUser told) {
        if (silent) {
            return false;
        }
        try {
            Request notify = requests.described(open, Request.NOTIFY);
            requests.writer.header(notify, "Event", "refer");
            requests.writer.header(notify, "Subscription-State", subscription);
            requests.writer.fragment(notify, "SIP/2.0 " + status + "\r\n");
            requests.send(open, notify, told);
            return true;
        } catch (SipException noRequest) {
            return false;
        }
    }

    /** The BYE goes behind the news, lest it outruns them. */
    private final class Last implements TransactionUser {
        private final Runnable bye;

        Last(Runnable bye) {
            this.bye = bye;
        }

        @Override
        public void response(Response response, InetAddress source) {
            if (response.getStatusCode() >= 200) {
                failed(false);
            }
        }

        @Override
        public void failed(boolean timeout) {
            state.act(bye);
        }
    }
}
