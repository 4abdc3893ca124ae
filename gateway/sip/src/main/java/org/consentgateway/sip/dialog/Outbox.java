package org.consentgateway.sip.dialog;

import gov.nist.javax.sip.message.SIPMessage;

import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;

import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipProvider;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** Thread-safe. What a leg sends: in order, and only after its lock is released. */
final class Outbox {
    private static final Pattern LITERAL =
            Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?");

    private final Leg leg;
    private final Mailbox sends = new Mailbox();

    /** Whether sending cannot wait for anything: UDP to a literal address. */
    private volatile boolean atOnce;

    Outbox(Leg leg) {
        this.leg = leg;
    }

    void atOnce(boolean whether) {
        atOnce = whether;
    }

    void atOnceIfLiteral(Dialog open) {
        atOnce =
                open.route().transport() == Transport.UDP
                        && LITERAL.matcher(open.nextHost()).matches();
    }

    /** Without the lock. */
    void empty() {
        try {
            sends.empty(atOnce ? Runnable::run : leg.stack.threads);
        } catch (RejectedExecutionException closed) {
            // The endpoint is closing: nothing goes out any more.
        }
    }

    void send(ServerTransaction transaction, Response response) {
        sends.put(() -> {
            try {
                leg.stack.trace.saw((SIPMessage) response, true);
                transaction.sendResponse(response);
            } catch (SipException | InvalidArgumentException | RuntimeException notSent) {
                // The stack throws any of them, also for a Via that leads nowhere.
                failed(response.getStatusCode());
            }
        });
    }

    /** Without a transaction: 2xx again, whose transaction ends with the first (RFC 3261 §13.3). */
    void sendAgain(SipProvider provider, Response response) {
        sends.put(() -> {
            try {
                leg.stack.trace.saw((SIPMessage) response, true);
                provider.sendResponse(response);
            } catch (SipException | RuntimeException notSent) {
                failed(response.getStatusCode());
            }
        });
    }

    private void failed(int status) {
        // A lost refusal harms nobody; a lost 2xx leaves the caller without us.
        if (status / 100 == 2) {
            leg.act(() -> leg.over(IncomingCall.How.TRANSPORT_FAILED));
        }
    }

    void send(Stack.Local at, Request request, TransactionUser exchange) {
        sends.put(() -> {
            expectAt(at, request);
            leg.stack.send(at, request, exchange, leg::sending);
        });
    }

    void ack(Dialog to, Request ack) {
        sends.put(() -> {
            try {
                expectAt(to.route(), ack);
                leg.stack.sendAck(to.route(), ack);
            } catch (SipException | RuntimeException notSent) {
                // The peer repeats its 2xx, and we the ACK.
            }
        });
    }

    /** Where a request goes, its answers come from, and the peer's requests may come from, too. */
    private void expectAt(Stack.Local at, Request request) {
        ServerAddress next = leg.stack.find(at, request);
        if (next != null) {
            leg.act(() -> {
                if (leg.state != Leg.State.OVER) {
                    leg.expect(next.address().getAddress());
                }
            });
        }
    }
}
