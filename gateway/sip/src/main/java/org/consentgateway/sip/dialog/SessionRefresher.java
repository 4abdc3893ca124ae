package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sip.SipException;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.SessionExpires;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SdpBody;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a session alive, or ends it where the other side does not (RFC 4028); who is on hold is
 * asked, whatever was agreed on. Guarded by its leg's lock.
 */
final class SessionRefresher {
    /** So often the interval becomes longer until a refresh is answered. */
    private static final int MOST_LONGER = 3;

    /** RFC 3261 §14.1: how long after a 491 or 500 we try again, whosever the Call-ID is. */
    private static final int GLARE_MILLIS_LEAST = 2100;

    private static final int GLARE_MILLIS_MOST = 4000;

    /** So often a peer on hold is asked whether it is there. */
    private static final long ASKED_MILLIS = TimeUnit.MINUTES.toMillis(2);

    /** So soon it is asked again where that could not be sent: by a connection made anew. */
    private static final long ASKED_AGAIN_MILLIS = TimeUnit.SECONDS.toMillis(10);

    /** So many in a row that could not be sent say that nobody is there. */
    private static final int MOST_UNSENT = 3;

    private static final String FAILED = "Session refresh failed";
    private static final String NOT_THERE = "No answer while on hold";

    private final Stack stack;
    private final LegState state;
    private final OfferAnswer session;
    private final Answering answering;
    private final Requests requests;
    private final Consumer<IncomingCall.How> over;
    private boolean peerTakesUpdate;

    /** So often the interval has become longer since a refresh was answered. */
    private int longer;

    private @Nullable SessionExpires timer;
    private int turn;
    private @Nullable Future<?> refresh;
    private @Nullable Future<?> expiry;
    private @Nullable Future<?> asking;

    /** So many questions in a row could not be sent. */
    private int unsent;

    /**
     * @param over told, under the lock, that the session is over
     */
    SessionRefresher(
            Stack stack,
            LegState state,
            OfferAnswer session,
            Answering answering,
            Requests requests,
            Consumer<IncomingCall.How> over) {
        this.stack = stack;
        this.state = state;
        this.session = session;
        this.answering = answering;
        this.requests = requests;
        this.over = over;
    }

    /** Puts into a 2xx of ours what becomes of the timer that was asked for, and starts it. */
    void answer(Request request, Response response) {
        boolean supports = HeaderText.tokens(request, "Supported").contains("timer");
        SessionExpires agreed =
                SessionExpires.answering(SessionExpires.Asked.in(request), supports);
        notePeer(request);
        if (agreed != null) {
            requests.writer.header(response, SessionExpires.HEADER, agreed.answerValue());
            if (!agreed.weRefresh()) {
                // RFC 4028 §9: the peer has to refresh, so it has to understand this.
                requests.writer.header(response, "Require", "timer");
            }
        }
        start(agreed);
    }

    /** A 2xx to our INVITE: whether the peer takes UPDATE, and the timer it agrees to. */
    void answered(Response response) {
        notePeer(response);
        start(SessionExpires.answered(SessionExpires.Asked.in(response)));
    }

    private void notePeer(Message message) {
        List<String> allowed = HeaderText.tokens(message, "Allow");
        if (!allowed.isEmpty()) {
            peerTakesUpdate = allowed.contains("update");
        }
    }

    private void start(@Nullable SessionExpires agreed) {
        stop();
        int now = ++turn;
        timer = agreed;
        unsent = 0;
        asking = after(ASKED_MILLIS, this::ask);
        if (agreed == null) {
            return;
        }
        if (agreed.weRefresh()) {
            refresh = after(agreed.refreshAfterMillis(), this::refresh);
            expiry = after(agreed.intervalSeconds() * 1000L, () -> expired(now));
        } else {
            expiry = after(agreed.expiresAfterMillis(), () -> expired(now));
        }
    }

    private Future<?> after(long millis, Runnable work) {
        return stack.after(millis, () -> state.act(work));
    }

    void stop() {
        if (refresh != null) {
            refresh.cancel(false);
        }
        if (expiry != null) {
            expiry.cancel(false);
        }
        if (asking != null) {
            asking.cancel(false);
        }
        timer = null;
    }

    /**
     * No sound is expected of a peer on hold, so but for a timer, which may be of hours or was not
     * agreed on, nothing else would tell that nobody is there any more. Any answer says that
     * somebody is, but one that ends the dialog.
     */
    private void ask() {
        Dialog open = state.dialog();
        if (open == null || !state.isAnswered()) {
            return;
        }
        asking = after(ASKED_MILLIS, this::ask);
        if (!session.onHold()) {
            unsent = 0;
            return;
        }
        try {
            requests.send(
                    open,
                    requests.described(open, Request.OPTIONS),
                    new Requests.FinalStatus(
                            status -> state.act(() -> asked(status)),
                            () -> state.act(this::notAsked)));
        } catch (SipException noRequest) {
            notAsked();
        }
    }

    private void asked(int status) {
        unsent = 0;
        if (Requests.endsDialog(status) && state.isAnswered()) {
            end(NOT_THERE);
        }
    }

    /** Its connection is gone: a side that has died with it is there no more than a silent one. */
    private void notAsked() {
        if (!state.isAnswered()) {
            return;
        }
        if (++unsent >= MOST_UNSENT) {
            end(NOT_THERE);
            return;
        }
        if (asking != null) {
            asking.cancel(false);
        }
        asking = after(ASKED_AGAIN_MILLIS, this::ask);
    }

    private void expired(int which) {
        if (which == turn && state.isAnswered()) {
            end("Session timer expired");
        }
    }

    private void end(String why) {
        requests.bye(IncomingCall.Ending.q850(102, why));
        over.accept(IncomingCall.How.TIMER_EXPIRED);
    }

    private void refresh() {
        SessionExpires running = timer;
        Dialog open = state.dialog();
        if (running == null || open == null || !state.isAnswered()) {
            return;
        }
        if (session.isPending() || answering.waits()) {
            refreshAgain();
            return;
        }
        String sdp = peerTakesUpdate ? null : session.again();
        try {
            Request request =
                    requests.described(open, sdp == null ? Request.UPDATE : Request.INVITE);
            requests.writer.header(
                    request, SessionExpires.HEADER, running.intervalSeconds() + ";refresher=uac");
            requests.writer.header(
                    request,
                    SessionExpires.MIN_SE,
                    Long.toString(stack.settings.minSessionExpires().toSeconds()));
            if (sdp != null) {
                requests.writer.sdp(request, sdp);
                session.pending(true);
            }
            requests.send(open, request, new Refresh(request, open, running));
        } catch (SipException noRequest) {
            // The expiry ends the call.
        }
    }

    private void refreshAgain() {
        long wait = ThreadLocalRandom.current().nextLong(GLARE_MILLIS_LEAST, GLARE_MILLIS_MOST);
        refresh = after(wait, this::refresh);
    }

    /** A refresh of ours under way. Guarded by the leg's lock. */
    private final class Refresh implements TransactionUser {
        private final Request request;
        private final Dialog open;
        private final SessionExpires running;

        Refresh(Request request, Dialog open, SessionExpires running) {
            this.request = request;
            this.open = open;
            this.running = running;
        }

        @Override
        public void response(Response response, InetAddress source) {
            if (response.getStatusCode() >= 200) {
                state.act(() -> answered(response));
            }
        }

        private void answered(Response response) {
            session.pending(false);
            int status = response.getStatusCode();
            boolean invite = request.getMethod().equals(Request.INVITE);
            if (status / 100 == 2 && invite) {
                requests.ack(open, response);
            }
            if (!state.isAnswered()) {
                return;
            }
            if (status / 100 == 2) {
                refreshed(response, invite);
            } else if (status == 422) {
                int least = SessionExpires.minimum(response);
                // RFC 4028 §7.4; where it never suffices, the session ends when it expires.
                if (least > running.intervalSeconds() && ++longer <= MOST_LONGER) {
                    start(new SessionExpires(least, true));
                    refresh();
                }
            } else if (!invite && (status == 405 || status == 501)) {
                peerTakesUpdate = false;
                refresh();
            } else if (status == 491 || status / 100 == 5) {
                // A request of theirs was under way (RFC 3261 §14.2, RFC 3311 §5.2): 500.
                refreshAgain();
            } else if (Requests.endsDialog(status)) {
                end(FAILED);
            }
        }

        private void refreshed(Response response, boolean invite) {
            longer = 0;
            open.refreshTarget(response);
            notePeer(response);
            Negotiation.Agreed media =
                    invite
                                    && SdpBody.of(response)
                                            instanceof SdpBody.Described(SessionDescription answer)
                            ? session.answeredBy(answer)
                            : null;
            if (media != null) {
                session.agree(media);
            }
            SessionExpires.Asked agreed = SessionExpires.Asked.in(response);
            start(agreed == null ? running : SessionExpires.answered(agreed));
        }

        @Override
        public void failed(boolean timeout) {
            state.act(() -> {
                session.pending(false);
                if (!state.isAnswered()) {
                    return;
                }
                if (timeout) {
                    end(FAILED);
                } else {
                    refreshAgain(); // as behind 503 (RFC 3261 §8.1.3.1)
                }
            });
        }
    }
}
