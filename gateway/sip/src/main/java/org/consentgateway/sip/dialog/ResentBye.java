package org.consentgateway.sip.dialog;

import gov.nist.javax.sip.message.SIPMessage;
import java.net.InetAddress;
import javax.sip.SipException;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.TransactionUser;
import org.jspecify.annotations.Nullable;

/**
 * A BYE that goes over a connection. Where that is lost before anything has come (RFC 3261 §18.4),
 * whoever has not read it would keep the call, and maybe its price: so it goes once more to the
 * same server, by a connection of its own, since one that was idle is often lost just then, and
 * after that to the next (RFC 3263 §4.3). To whom it has come already it is a BYE of no call.
 * Whoever has answered anything hears no other. Immutable.
 */
final class ResentBye implements TransactionUser {
    private static final int MOST_TIMES = 2;

    private final LegState state;
    private final Outbox outbox;
    private final Dialog of;
    private final Request bye;
    private final TransactionUser user;
    private final @Nullable ServerAddress told;
    private final int times;

    /**
     * @param of the dialog that it ends
     * @param user what becomes of it in the end
     */
    ResentBye(LegState state, Outbox outbox, Dialog of, Request bye, TransactionUser user) {
        this(state, outbox, of, bye, user, 0);
    }

    /**
     * @param times how often it was sent before
     */
    private ResentBye(
            LegState state,
            Outbox outbox,
            Dialog of,
            Request bye,
            TransactionUser user,
            int times) {
        this.state = state;
        this.outbox = outbox;
        this.of = of;
        this.bye = bye;
        this.user = user;
        this.told = server(bye);
        this.times = times;
    }

    /** Null where the DNS has to be asked yet. */
    private static @Nullable ServerAddress server(Request request) {
        return ((SIPMessage) request).getApplicationData() instanceof ServerAddress server
                ? server
                : null;
    }

    @Override
    public boolean hasAnotherWay() {
        return times < MOST_TIMES;
    }

    @Override
    public void response(Response response, InetAddress source) {
        user.response(response, source);
    }

    @Override
    public void failed(boolean timeout) {
        ServerAddress asked = server(bye);
        if (timeout || asked == null || times == MOST_TIMES) {
            user.failed(timeout);
        } else {
            state.act(() -> again(asked));
        }
    }

    /**
     * @param asked who has not answered
     */
    private void again(ServerAddress asked) {
        Request next;
        try {
            next = of.again(bye);
        } catch (SipException noRequest) {
            user.failed(false);
            return;
        }
        LocalAddress at = of.route();
        var again = new ResentBye(state, outbox, of, next, user, times + 1);
        if (times > 0) {
            outbox.sendElsewhere(at, next, asked, again);
        } else if (told == null && server(next) == null) {
            outbox.send(at, next, asked, again);
        } else {
            outbox.send(at, next, again); // where the way of the dialog leads now
        }
    }
}
