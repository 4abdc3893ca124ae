package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.stack.IOHandler;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.io.IOException;
import java.net.Socket;

/**
 * The open connection to each peer, by its address and port. Thread-safe. A peer that has lost its
 * connection may come again from the same port, and one that listens there may as well. What of the
 * stack remembers the former connection strikes out whatever stands under that name when it ends,
 * be it another: from then on everything would go to connections of our own that nobody takes, as
 * long as that of the peer lasts. Here one that is open stays.
 */
public final class KeptSockets extends IOHandler {
    /**
     * Whether the connection that a thread writes to was given up, and no other put in its place.
     */
    private static final ThreadLocal<Boolean> GIVEN_UP = ThreadLocal.withInitial(() -> false);

    public KeptSockets(SIPTransactionStack stack) {
        super(stack);
    }

    /** A message on its way. */
    @FunctionalInterface
    interface OneMessage {
        void send() throws IOException;
    }

    /**
     * Whether a connection takes the message. The stack passes over that nothing could be written
     * to one just made, so that whoever had sent waited for an answer (32 s), and the next server
     * for its turn (RFC 3261 §17.1.4, RFC 3263 §4.3).
     */
    static boolean take(OneMessage message) throws IOException {
        GIVEN_UP.set(false);
        try {
            message.send();
            return !GIVEN_UP.get();
        } finally {
            GIVEN_UP.remove();
        }
    }

    /** With this a message begins on its way. */
    @Override
    protected Socket getSocket(String key) {
        GIVEN_UP.set(false);
        return super.getSocket(key);
    }

    /** Over a connection just made it is on its way. */
    @Override
    protected void putSocket(String key, Socket connection) {
        GIVEN_UP.set(false);
        super.putSocket(key, connection);
    }

    @Override
    protected void removeSocket(String key) {
        GIVEN_UP.set(true);
        Socket there = super.getSocket(key);
        if (there == null || there.isClosed()) {
            super.removeSocket(key);
        }
    }
}
