package org.consentgateway.sip.dialog;

import gov.nist.javax.sip.message.SIPMessage;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.trunk.PeerAddresses;

/** What a leg sends: in order, and only after its lock is released. Guarded by its leg's lock. */
final class Outbox {
    private final Stack stack;
    private final LegState state;
    private final PeerAddresses peers;
    private final Runnable lost;

    /**
     * @param lost told, without the lock, that a 2xx could not be sent
     */
    Outbox(Stack stack, LegState state, PeerAddresses peers, Runnable lost) {
        this.stack = stack;
        this.state = state;
        this.peers = peers;
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
                failed(response.getStatusCode());
            }
        });
    }

    /**
     * Without a transaction: 2xx again, whose transaction ends with the first (RFC 3261 §13.3). Who
     * has closed its connection since may have the first, and make another for its ACK.
     */
    void sendAgain(LocalAddress at, Response response) {
        state.send(() -> {
            try {
                stack.trace.saw((SIPMessage) response, true);
                at.provider().sendResponse(response);
            } catch (SipException | RuntimeException notSent) {
                if (at.transport() == Transport.UDP) {
                    failed(response.getStatusCode());
                }
            }
        });
    }

    private void failed(int status) {
        // A lost refusal harms nobody; a lost 2xx leaves the caller without us.
        if (status / 100 == 2) {
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

    /**
     * Where a request goes, its answers come from, and the peer's requests may come from, too.
     *
     * @return false if nobody knows
     */
    private boolean expectAt(LocalAddress at, Request request) {
        ServerAddress next = stack.find(at, request);
        if (next == null) {
            return false;
        }
        state.act(() -> {
            if (!state.isOver()) {
                peers.expect(next.address().getAddress());
            }
        });
        return true;
    }
}
