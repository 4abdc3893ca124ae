package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.stack.ConnectionOrientedMessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.MessageProcessorFactory;
import gov.nist.javax.sip.stack.OIOMessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.TCPMessageChannel;
import gov.nist.javax.sip.stack.TCPMessageProcessor;
import gov.nist.javax.sip.stack.TLSMessageChannel;
import gov.nist.javax.sip.stack.TLSMessageProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. A connection is answered on, also where another was there before to the same port of
 * that address. The stack remembers one that we could not open, such as for the BYE to a peer that
 * had gone; when that peer comes from its port again, the stack writes its connection down, and
 * then closes the remembered one, and with it strikes out what it has just written down. From then
 * on everything goes to connections of our own that nobody takes, as long as that of the peer
 * lasts.
 */
public final class ReconnectedPeers implements MessageProcessorFactory {
    private final MessageProcessorFactory others = new OIOMessageProcessorFactory();

    @Override
    public MessageProcessor createMessageProcessor(
            SIPTransactionStack stack, InetAddress address, int port, String transport)
            throws IOException {
        return switch (transport.toLowerCase(Locale.ROOT)) {
            case "tcp" -> new OverTcp(address, stack, port);
            case "tls" -> new OverTls(address, stack, port);
            default -> others.createMessageProcessor(stack, address, port, transport);
        };
    }

    /** Closes it, and leaves the connection that is written down under its name. */
    private static void close(@Nullable ConnectionOrientedMessageChannel remembered) {
        switch (remembered) {
            case TCPMessageChannel tcp -> tcp.close(false, true);
            case TLSMessageChannel tls -> tls.close(false, true);
            case null, default -> {}
        }
    }

    private static ConnectionOrientedMessageChannel taken(
            Map<String, ConnectionOrientedMessageChannel> channels,
            ConnectionOrientedMessageChannel next) {
        close(channels.remove(next.getKey()));
        return next;
    }

    private static final class OverTcp extends TCPMessageProcessor {
        OverTcp(InetAddress address, SIPTransactionStack stack, int port) {
            super(address, stack, port);
        }

        @Override
        protected synchronized void cacheMessageChannel(ConnectionOrientedMessageChannel next) {
            super.cacheMessageChannel(taken(messageChannels, next));
        }
    }

    private static final class OverTls extends TLSMessageProcessor {
        OverTls(InetAddress address, SIPTransactionStack stack, int port) {
            super(address, stack, port);
        }

        @Override
        protected synchronized void cacheMessageChannel(ConnectionOrientedMessageChannel next) {
            super.cacheMessageChannel(taken(messageChannels, next));
        }
    }
}
