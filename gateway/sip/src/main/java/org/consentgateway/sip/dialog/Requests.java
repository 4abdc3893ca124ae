package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import javax.sip.SipException;
import javax.sip.header.Header;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.auth.Digest;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.Writer;
import org.jspecify.annotations.Nullable;

/** Our requests in the dialog; a challenge of one is answered. Guarded by its leg's lock. */
final class Requests {
    final Writer writer;
    private final LegState state;
    private final Outbox outbox;
    private final LegTerms terms;
    private final @Nullable Credentials credentials;

    /** What the re-INVITE of ours that went out last bears of a password. */
    private List<Header> shown = List.of();

    /** The ACK to the 2xx of a re-INVITE of ours that went out last. */
    private Acked acked = new Acked(-1, "", List.of());

    /**
     * @param cseq of the re-INVITE
     * @param credentials that an ACK bears as its INVITE did, since it cannot be challenged (RFC
     *     3261 §22.1)
     */
    private record Acked(long cseq, String branch, List<Header> credentials) {}

    /**
     * @param credentials for those who challenge us (RFC 3261 §22.2); null: none
     */
    Requests(
            Writer writer,
            LegState state,
            Outbox outbox,
            LegTerms terms,
            @Nullable Credentials credentials) {
        this.writer = writer;
        this.state = state;
        this.outbox = outbox;
        this.terms = terms;
        this.credentials = credentials;
    }

    /** A request with our Contact, and what we can do. */
    Request described(Dialog open, String method) throws SipException {
        Request request = open.request(method);
        terms.describe(writer, request, open.at());
        return request;
    }

    /**
     * @param in the dialog that it was made in
     */
    void send(Dialog in, Request request, TransactionUser user) {
        Credentials known = credentials;
        Going now = new Going(in, in.route(), request);
        transmit(now, known == null ? user : new Challengeable(known, now, user, 0));
    }

    /**
     * A request on its way.
     *
     * @param at from where it goes, as its Via says
     */
    private record Going(Dialog in, LocalAddress at, Request request) {}

    private void transmit(Going now, TransactionUser user) {
        Request request = now.request();
        if (request.getMethod().equals(Request.INVITE)) {
            shown = Credentials.in(request);
        }
        boolean mayBeLost = now.at().hasConnections() && request.getMethod().equals(Request.BYE);
        outbox.send(
                now.at(),
                request,
                mayBeLost ? new ResentBye(state, outbox, now.in(), request, user) : user);
    }

    /**
     * The ACK to the 2xx of a re-INVITE of ours, and the same to each repetition of that: of which
     * there are some where the ACK was lost, and then a BYE (RFC 3261 §13.2.2.4, §14.2).
     */
    void ack(Dialog to, Response ok) {
        try {
            Request ack = to.ack(Dialog.cseq(ok));
            ViaHeader via = (ViaHeader) ack.getHeader(ViaHeader.NAME);
            if (acknowledges(ok)) {
                via.setBranch(acked.branch());
            } else {
                acked = new Acked(Dialog.cseq(ok), via.getBranch(), shown);
            }
            acked.credentials().forEach(ack::addHeader);
            outbox.ack(to, ack, () -> state.act(() -> again(to, ok)));
        } catch (SipException | ParseException noRequest) {
            // The peer will end it.
        }
    }

    private void again(Dialog to, Response ok) {
        if (to.detour()) {
            ack(to, ok);
        }
    }

    /** Whether a 2xx is of the re-INVITE that was acknowledged last. */
    boolean acknowledges(Response ok) {
        return Dialog.cseq(ok) == acked.cseq();
    }

    /**
     * Whether this answer to a request of ours says that the peer has the dialog no more, or does
     * not answer (RFC 3261 §12.2.1.2). A BYE follows, also to the first: what answers may be
     * something between us, and the peer would keep the call (RFC 4028 §10).
     */
    static boolean endsDialog(int status) {
        return status == Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST
                || status == Response.REQUEST_TIMEOUT;
    }

    void bye(IncomingCall.Ending why) {
        bye(why, TransactionUser.WHATEVER);
    }

    void bye(IncomingCall.Ending why, TransactionUser user) {
        Dialog open = state.dialog();
        if (open == null) {
            user.failed(false);
            return;
        }
        try {
            Request bye = open.request(Request.BYE);
            writer.reason(bye, why.protocol(), why.cause(), why.text());
            send(open, bye, user);
        } catch (SipException | RuntimeException noRequest) {
            user.failed(false); // the peer's own timers will tell it
        }
    }

    /** Something that is told within the dialog and changes nothing of it (RFC 6086 §4.2.1). */
    void info(OutgoingCall.InfoBody what, TransactionUser user) {
        Dialog open = state.dialog();
        if (open == null) {
            user.failed(false);
            return;
        }
        try {
            Request info = open.request(Request.INFO);
            writer.body(info, what.type(), what.subtype(), what.text());
            send(open, info, user);
        } catch (SipException noRequest) {
            user.failed(false);
        }
    }

    /** Tells once with which status a request of ours ended. Thread-safe. */
    static final class FinalStatus implements TransactionUser {
        /** As if the peer had said so itself (RFC 3261 §8.1.3.1). */
        private static final int TIMEOUT = 408;

        private static final int NOT_SENT = 503;

        private final IntConsumer told;
        private final Runnable unsent;
        private final AtomicBoolean over = new AtomicBoolean();

        FinalStatus(IntConsumer told) {
            this(told, () -> told.accept(NOT_SENT));
        }

        /**
         * @param unsent told instead where it could not be sent: nobody has said anything then
         */
        FinalStatus(IntConsumer told, Runnable unsent) {
            this.told = told;
            this.unsent = unsent;
        }

        @Override
        public void response(Response response, InetAddress source) {
            if (response.getStatusCode() >= 200) {
                once(() -> told.accept(response.getStatusCode()));
            }
        }

        @Override
        public void failed(boolean timeout) {
            once(timeout ? () -> told.accept(TIMEOUT) : unsent);
        }

        private void once(Runnable tell) {
            if (over.compareAndSet(false, true)) {
                tell.run();
            }
        }
    }

    /**
     * A request to somebody who may challenge it (RFC 3261 §22.2): then it goes once more, with the
     * password. Immutable.
     */
    private final class Challengeable implements TransactionUser {
        /** Once, and once more for a nonce that was too old. */
        private static final int MOST_SHOWN = 1;

        private final Credentials known;
        private final Going before;
        private final TransactionUser user;
        private final int times;

        /**
         * @param user what becomes of it in the end
         * @param times how often it bore a password
         */
        Challengeable(Credentials known, Going before, TransactionUser user, int times) {
            this.known = known;
            this.before = before;
            this.user = user;
            this.times = times;
        }

        @Override
        public void response(Response response, InetAddress source) {
            if (!Credentials.isChallenge(response) || !again(response)) {
                user.response(response, source);
            }
        }

        @Override
        public boolean hasAnotherWay() {
            return user.hasAnotherWay();
        }

        private boolean again(Response response) {
            Optional<Digest.Challenge> challenge = known.challenge(response);
            if (challenge.isEmpty()
                    || !outbox.wentToTrusted(before.request())
                    || times > MOST_SHOWN
                    || (times > 0 && !challenge.get().stale())) {
                return false;
            }
            state.act(() -> {
                Request repeated = writer.again(before.request(), before.in().nextNumber());
                boolean byProxy = response.getStatusCode() == 407;
                known.answer(repeated, challenge.get(), byProxy);
                Going now = new Going(before.in(), before.at(), repeated);
                transmit(now, new Challengeable(known, now, user, times + 1));
            });
            return true;
        }

        @Override
        public void failed(boolean timeout) {
            user.failed(timeout);
        }
    }
}
