package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.MessageProcessorFactory;
import gov.nist.javax.sip.stack.OIOMessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;

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
}
