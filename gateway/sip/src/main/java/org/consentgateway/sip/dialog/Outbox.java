package org.consentgateway.sip.dialog;

import gov.nist.javax.sip.message.SIPMessage;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.jspecify.annotations.Nullable;

/** What a leg sends: in order, and only after its lock is released. Guarded by its leg's lock. */
final class Outbox {
    private final Stack stack;
    private final LegState state;
    private final Predicate<InetAddress> trusted;
    private final Consumer<List<ServerAddress>> expected;
    private final Runnable lost;

    /**
     * @param trusted whether what goes there may bear a password
     * @param expected told under the lock where a request goes: to the first of these
     * @param lost told, without the lock, that a 2xx to an INVITE could not be sent
     */
    Outbox(
            Stack stack,
            LegState state,
            Predicate<InetAddress> trusted,
            Consumer<List<ServerAddress>> expected,
            Runnable lost) {
        this.stack = stack;
        this.state = state;
        this.trusted = trusted;
        this.expected = expected;
        this.lost = lost;
    }

    void atOnceIfLiteral(Dialog open) {
        state.sendAtOnce(open.route().transport() == Transport.UDP && open.nextAddress() != null);
    }

    /**
     * A request whose server is not known yet, as behind a Contact with a name or a maddr, waits
     * for the DNS: never on the thread that reads all datagrams, wherever those before it went.
     */
    private void waitIfUnknown(LocalAddress at, Request request) {
        if (at.transport() != Transport.UDP || !Stack.knowsServer(request)) {
            state.sendAtOnce(false);
        }
    }

    void send(ServerTransaction transaction, Response response) {
        state.send(() -> {
            try {
                stack.trace.saw((SIPMessage) response, true);
                transaction.sendResponse(response);
            } catch (SipException | InvalidArgumentException | RuntimeException notSent) {
                // The stack throws any of them, also for a Via that leads nowhere.
                failed(response);
            }
        });
    }

    /**
     * Without a transaction: 2xx again, whose transaction ends with the first (RFC 3261 §13.3). Who
     * has closed its connection since may have the first, and make another for its ACK.
     *
     * @param cameBy what its request came by
     */
    void sendAgain(LocalAddress at, Response response, @Nullable Object cameBy) {
        state.send(() -> {
            try {
                stack.trace.saw((SIPMessage) response, true);
                Stack.respond(at.provider(), response, cameBy);
            } catch (SipException | RuntimeException notSent) {
                if (at.transport() == Transport.UDP) {
                    failed(response);
                }
            }
        });
    }

    /**
     * A lost 2xx to an INVITE leaves the caller without us. Any other answer is as one that was
     * lost on the way: whoever asked may ask again.
     */
    private void failed(Response response) {
        boolean toInvite = ((SIPMessage) response).getCSeq().getMethod().equals(Request.INVITE);
        if (toInvite && response.getStatusCode() / 100 == 2) {
            lost.run();
        }
    }

    void send(LocalAddress at, Request request, TransactionUser user) {
        waitIfUnknown(at, request);
        state.send(() -> sendNow(at, request, user));
    }

    /** To this server. */
    void send(LocalAddress at, Request request, ServerAddress to, TransactionUser user) {
        stack.toward(request, to);
        send(at, request, user);
    }

    /** To another of its servers than this; it has failed where there is none. */
    void sendElsewhere(
            LocalAddress at, Request request, ServerAddress failed, TransactionUser user) {
        waitIfUnknown(at, request);
        state.send(() -> {
            if (stack.findOther(at, request, failed) == null) {
                user.failed(false);
            } else {
                sendNow(at, request, user);
            }
        });
    }

    private void sendNow(LocalAddress at, Request request, TransactionUser user) {
        try {
            boolean _ = expectAt(at, request);
        } catch (RuntimeException unreachable) {
            user.failed(false);
            return;
        }
        stack.send(at, request, user);
    }

    /**
     * @param unsent told, without the lock, that it could not be sent
     */
    void ack(Dialog to, Request ack, Runnable unsent) {
        sendAlone(to.route(), ack, unsent);
    }

    /**
     * Without a transaction.
     *
     * @param unsent told, without the lock, that it could not be sent
     */
    void sendAlone(LocalAddress at, Request request, Runnable unsent) {
        waitIfUnknown(at, request);
        state.send(() -> {
            try {
                if (expectAt(at, request)) {
                    stack.sendAlone(at, request);
                    return;
                }
            } catch (SipException | RuntimeException notSent) {
                // As where nobody knows its server.
            }
            unsent.run();
        });
    }

    /** Whether a request of ours has gone to one that may know a password. */
    boolean wentToTrusted(Request request) {
        return ((SIPMessage) request).getApplicationData() instanceof ServerAddress server
                && isTrusted(server);
    }

    private boolean isTrusted(ServerAddress server) {
        return trusted.test(server.address().getAddress());
    }

    /**
     * Where a request goes, its answers come from.
     *
     * @return false if nobody knows
     */
    private boolean expectAt(LocalAddress at, Request request) {
        List<ServerAddress> servers = stack.findAll(at, request);
        if (!servers.isEmpty() && !isTrusted(servers.getFirst())) {
            Credentials.takeOutOf(request);
        }
        state.act(() -> {
            if (!state.isOver() && !servers.isEmpty()) {
                expected.accept(servers);
            }
        });
        return !servers.isEmpty();
    }
}
