package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.MessageProcessorFactory;
import gov.nist.javax.sip.stack.OIOMessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Our own connections in place of the stack's, which remembers each that could not be
 * opened, by address and port, for good: whoever tells us where to send something could fill the
 * memory.
 */
public final class OwnConnections implements MessageProcessorFactory {
    private final MessageProcessorFactory others = new OIOMessageProcessorFactory();

    @Override
    public MessageProcessor createMessageProcessor(
            SIPTransactionStack stack, InetAddress address, int port, String transport)
            throws IOException {
        return switch (transport.toLowerCase(Locale.ROOT)) {
            case "tcp" -> new TcpProcessor(address, stack, port);
            case "tls" -> new TlsProcessor(address, stack, port);
            default -> others.createMessageProcessor(stack, address, port, transport);
        };
    }

    /**
     * The connection by TLS that a peer has made from exactly there. Nobody has looked for its name
     * in a certificate, so it stands for no server that is called.
     *
     * @return null if there is none
     */
    public static @Nullable MessageChannel accepted(MessageProcessor by, InetSocketAddress peer) {
        return by instanceof TlsProcessor tls
                ? tls.accepted(peer.getAddress(), peer.getPort())
                : null;
    }

    /**
     * Sends a response over the connection by TLS that its request has come by. By the address and
     * port of that alone another might be found.
     *
     * @param cameBy what the request came by, as the stack tells it
     * @return false where that is none, or has ended
     */
    public static boolean takes(SIPResponse response, @Nullable Object cameBy) throws IOException {
        if (!(cameBy instanceof TlsChannel tls)) {
            return false;
        }
        Socket connection = tls.connection();
        if (connection == null || connection.isClosed()) {
            return false;
        }
        tls.sendMessage(response);
        return true;
    }
}
