package org.consentgateway.sip.dialog;

import java.net.InetAddress;
import java.text.ParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.Writer;
import org.jspecify.annotations.Nullable;

/**
 * The attempts at one INVITE of ours: server after server (RFC 3263 §4.3) until one answers, and
 * the CANCEL of it all. Guarded by its leg's lock.
 */
final class InviteAttempts {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private final Stack stack;
    private final LegState state;
    private final Outbox outbox;
    private final Writer writer;
    private final Progress progress;
    private final Deque<ServerAddress> servers = new ArrayDeque<>();
    private @Nullable Attempt current;

    /** Of the last refusal; 0 where it says nothing, or the last server gave none. */
    private int retryAfterSeconds;

    /** Why nobody wants an answer any more; null while somebody does. */
    private IncomingCall.@Nullable Ending cancelled;

    /** What becomes of the attempts. Called under the leg's lock. */
    interface Progress {
        /**
         * Another server is to be tried, from there.
         *
         * @param isLast whether it is the last
         */
        void nextServer(ServerAddress server, LocalAddress at, boolean isLast);

        /** The INVITE to be sent now, from there. */
        Request invite(LocalAddress at) throws ParseException, InvalidArgumentException;

        void provisional(Attempt attempt, Response response);

        /** Any 2xx: the first, a repetition, or one of a fork. */
        void success(Attempt attempt, Response response, InetAddress source);

        /** A final response, but for the 503 that has us try the next server. */
        void failure(Response response);

        /** No server answers: the status that the call ends with. */
        void givenUp(int status);
    }

    InviteAttempts(Stack stack, LegState state, Outbox outbox, Progress progress) {
        this.stack = stack;
        this.state = state;
        this.outbox = outbox;
        this.writer = new Writer(stack);
        this.progress = progress;
    }

    /** Whether nobody wants an answer any more. */
    boolean isCancelled() {
        return cancelled != null;
    }

    /** Null before the first. */
    @Nullable Attempt current() {
        return current;
    }

    /** What whoever refused last asks to wait before another call; 0: not said. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Tries these in turn. */
    void start(List<ServerAddress> found) {
        servers.addAll(found);
        nextServer(503);
    }

    /**
     * On to the next server that can be reached.
     *
     * @param status what becomes of the call if there is none
     */
    private void nextServer(int status) {
        for (ServerAddress next = servers.poll(); next != null; next = servers.poll()) {
            LocalAddress at = stack.locals.facing(next.transport(), next.address().getAddress());
            if (at != null) {
                progress.nextServer(next, at, servers.isEmpty());
                invite(next, at);
                return;
            }
        }
        progress.givenUp(status);
    }

    /** Once more to the same server, with what it has asked for. */
    void again() {
        Attempt before = current;
        if (before != null) {
            invite(before.to, before.at);
        }
    }

    private void invite(ServerAddress to, LocalAddress at) {
        try {
            Request request = progress.invite(at);
            stack.toward(request, to);
            Attempt attempt = new Attempt(at, Dialog.Asked.by(request), to, !servers.isEmpty());
            current = attempt;
            retryAfterSeconds = 0;
            outbox.send(at, request, attempt);
            if (!servers.isEmpty()) {
                stack.later(stack.hurry(), () -> state.act(attempt::tooSlow));
            }
        } catch (ParseException | InvalidArgumentException | IllegalArgumentException badDial) {
            progress.givenUp(400);
        }
    }

    /** We hang up before an answer (RFC 3261 §9.1): a CANCEL goes as soon as it may. */
    void cancel(IncomingCall.Ending why) {
        cancelled = why;
        Attempt attempt = current;
        if (attempt != null && attempt.proceeding) {
            attempt.cancel();
        }
    }

    /** Why it was cancelled (RFC 3326 §2); nothing where only another server is tried. */
    void explain(Request end) {
        IncomingCall.Ending why = cancelled;
        if (why != null) {
            writer.reason(end, why.protocol(), why.cause(), why.text());
        }
    }

    private static int retryAfterSeconds(Response response) {
        String text = HeaderText.first(response, "Retry-After");
        Matcher seconds = SECONDS.matcher(text == null ? "" : text);
        return seconds.lookingAt() ? Integer.parseInt(seconds.group()) : 0;
    }

    /** One INVITE to one server. Guarded by the leg's lock. */
    final class Attempt implements TransactionUser {
        private final LocalAddress at;
        private final Dialog.Asked asked;
        private final ServerAddress to;
        private final boolean hasAnotherWay;
        private @Nullable ClientTransaction transaction;
        private boolean heard;
        private boolean proceeding;
        private boolean cancelSent;

        /**
         * @param hasAnotherWay whether there is another server to be tried
         */
        Attempt(LocalAddress at, Dialog.Asked asked, ServerAddress to, boolean hasAnotherWay) {
            this.at = at;
            this.asked = asked;
            this.to = to;
            this.hasAnotherWay = hasAnotherWay;
        }

        LocalAddress at() {
            return at;
        }

        ServerAddress to() {
            return to;
        }

        Dialog.Asked asked() {
            return asked;
        }

        private boolean isCurrent() {
            return current == this && state.isEarly();
        }

        @Override
        public boolean hasAnotherWay() {
            return hasAnotherWay;
        }

        @Override
        public void sending(ClientTransaction sent) {
            state.act(() -> transaction = sent);
        }

        @Override
        public void response(Response response, InetAddress source) {
            state.act(() -> {
                int status = response.getStatusCode();
                heard = true;
                if (status != 503) {
                    stack.backoff.answered(to);
                }
                if (status >= 200) {
                    transaction = null; // nothing is left to be cancelled
                }
                if (status / 100 == 2) {
                    progress.success(this, response, source);
                    endOther();
                } else if (status < 200) {
                    provisional(response);
                } else if (isCurrent()) {
                    failure(response);
                }
            });
        }

        /** The server tried meanwhile need not ring on: another has answered late. */
        private void endOther() {
            Attempt other = current;
            if (other != null && other != this && other.proceeding && !state.isEarly()) {
                other.cancel();
            }
        }

        private void provisional(Response response) {
            proceeding = true;
            if (isCurrent()) {
                progress.provisional(this, response);
            }
            if (!isCurrent() || isCancelled()) {
                // Given up, or given up for another server: nobody waits for it any more.
                cancel();
            }
        }

        private void failure(Response response) {
            retryAfterSeconds = retryAfterSeconds(response);
            if (response.getStatusCode() == 503 && !isCancelled()) {
                stack.backoff.failed(to, TimeUnit.SECONDS.toNanos(retryAfterSeconds));
                nextServer(503);
            } else {
                progress.failure(response);
            }
        }

        @Override
        public void failed(boolean timeout) {
            state.act(() -> {
                stack.backoff.failed(to, 0);
                if (isCurrent()) {
                    if (isCancelled()) {
                        progress.givenUp(487);
                    } else {
                        nextServer(timeout ? 408 : 503);
                    }
                }
            });
        }

        /** The transaction has 64*T1; a caller who waits for the next server has not. */
        private void tooSlow() {
            if (isCurrent() && !heard && !isCancelled()) {
                stack.backoff.failed(to, 0);
                nextServer(408);
            }
        }

        private void cancel() {
            ClientTransaction sent = transaction;
            if (cancelSent || sent == null) {
                return;
            }
            cancelSent = true;
            stack.later(stack.patience(), () -> state.act(this::abandon));
            try {
                Request cancel = cancel(sent);
                outbox.send(
                        at,
                        cancel,
                        at.hasConnections() ? new LostCancel(this) : TransactionUser.WHATEVER);
            } catch (SipException answeredMeanwhile) {
                // The 2xx on its way is acknowledged and ended.
            }
        }

        /** To the server of the INVITE, since no other knows of it. */
        private Request cancel(ClientTransaction invite) throws SipException {
            Request cancel = invite.createCancel();
            explain(cancel);
            stack.toward(cancel, to);
            return cancel;
        }

        private void cancelAgain() {
            ClientTransaction unanswered = transaction;
            if (unanswered == null) {
                return;
            }
            try {
                outbox.sendAlone(at, cancel(unanswered), () -> {});
            } catch (SipException answeredMeanwhile) {
                // As above.
            }
        }

        /**
         * Without a final answer it ends here (RFC 3261 §9.1): the stack would keep it for good.
         */
        private void abandon() {
            if (transaction != null) {
                Stack.end(transaction);
                transaction = null;
            }
        }
    }

    /**
     * A CANCEL that goes over a connection. Where that is lost before anything has come to it (RFC
     * 3261 §18.4), whoever has not read it would ring on: it goes once more, by a connection of its
     * own. It is the same one, with the branch of the INVITE (§9.1), by which a server that has
     * read it before knows it. Immutable.
     */
    private final class LostCancel implements TransactionUser {
        private final Attempt of;

        LostCancel(Attempt of) {
            this.of = of;
        }

        @Override
        public boolean hasAnotherWay() {
            return true;
        }

        @Override
        public void response(Response response, InetAddress source) {
            // Whatever it says, it has come.
        }

        @Override
        public void failed(boolean timeout) {
            if (!timeout) {
                state.act(of::cancelAgain);
            }
        }
    }
}
