package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.stack.IOHandler;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The open connection to each peer, by its address and port. Thread-safe. A peer that has lost its
 * connection may come again from the same port, and one that listens there may as well. What of the
 * stack remembers the former connection strikes out whatever stands under that name when it ends,
 * be it another: from then on everything would go to connections of our own that nobody takes, as
 * long as that of the peer lasts. Here one that is open stays.
 *
 * <p>Those by TCP, those by TLS that a peer has made and those by TLS that we have made have places
 * of their own: of the last alone a certificate has shown whose they are, and whoever is on the
 * path to a server can connect to us from its address and port.
 */
public final class KeptSockets extends IOHandler {
    /** Before the address of a peer that has connected by TLS. */
    private static final String ACCEPTED = "accepted ";

    /** Before that of a server that we have connected to by TLS. */
    private static final String MADE = "made ";

    /** What the message of a thread may go over. */
    private static final ThreadLocal<Way> WAY = ThreadLocal.withInitial(() -> Way.byTcp(true));

    /**
     * Whether the connection that a thread writes to was given up, and no other put in its place.
     */
    private static final ThreadLocal<Boolean> GIVEN_UP = ThreadLocal.withInitial(() -> false);

    public KeptSockets(SIPTransactionStack stack) {
        super(stack);
    }

    /**
     * What a message may go over.
     *
     * @param accepted where the connection by TLS comes from that the message belongs to, if its
     *     peer has made that; null: one that we make
     * @param isClient whether it is a request
     */
    record Way(boolean tls, @Nullable String accepted, boolean isClient) {
        /** Any connection by TCP. */
        static Way byTcp(boolean isClient) {
            return new Way(false, null, isClient);
        }

        /** One by TLS that we make. */
        static Way byTls(boolean isClient) {
            return new Way(true, null, isClient);
        }

        /** The one by TLS that this peer has made; one that we make where it has ended. */
        static Way back(InetAddress peer, int port, boolean isClient) {
            return new Way(true, makeKey(peer, port), isClient);
        }
    }

    /** Whether a connection that this thread makes now is for an answer. */
    public static boolean isAnswering() {
        return !WAY.get().isClient();
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
    static boolean take(Way way, OneMessage message) throws IOException {
        GIVEN_UP.set(false);
        WAY.set(way);
        try {
            message.send();
            return !GIVEN_UP.get();
        } finally {
            WAY.remove();
            GIVEN_UP.remove();
        }
    }

    /** With this a message begins on its way. */
    @Override
    protected @Nullable Socket getSocket(String key) {
        GIVEN_UP.set(false);
        Way way = WAY.get();
        if (!way.tls()) {
            return super.getSocket(key);
        }
        Socket accepted = key.equals(way.accepted()) ? super.getSocket(ACCEPTED + key) : null;
        return accepted != null ? accepted : super.getSocket(MADE + key);
    }

    /** Over a connection just made it is on its way. */
    @Override
    protected void putSocket(String key, Socket connection) {
        GIVEN_UP.set(false);
        super.putSocket(place(key, connection), connection);
    }

    private static String place(String key, Socket connection) {
        if (!(connection instanceof SSLSocket tls)) {
            return key;
        }
        return (tls.getUseClientMode() ? MADE : ACCEPTED) + key;
    }

    @Override
    protected void removeSocket(String key) {
        GIVEN_UP.set(true);
        boolean open = false;
        for (String place : List.of(key, ACCEPTED + key, MADE + key)) {
            Socket there = super.getSocket(place);
            if (there != null && there.isClosed()) {
                super.removeSocket(place);
            }
            open |= there != null && !there.isClosed();
        }
        if (!open) {
            super.removeSocket(key); // and what the stack waits for where it sends to there
        }
    }
}
