package org.consentgateway.sip.transport.channel;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.MessageProcessorFactory;
import gov.nist.javax.sip.stack.OIOMessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.TCPMessageProcessor;
import gov.nist.javax.sip.stack.TLSMessageProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;

/**
 * Thread-safe. Of the connections that we make, those that could not be opened, such as for the BYE
 * to a peer that has gone, are forgotten. The stack would remember each of them, by address and
 * port, for good: whoever tells us where to send something could fill the memory.
 */
public final class OwnConnections implements MessageProcessorFactory {
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

    private static final class OverTcp extends TCPMessageProcessor {
        OverTcp(InetAddress address, SIPTransactionStack stack, int port) {
            super(address, stack, port);
        }

        @Override
        public synchronized MessageChannel createMessageChannel(InetAddress host, int port)
                throws IOException {
            String key = MessageChannel.getKey(host, port, "TCP");
            var known = messageChannels.get(key);
            if (known != null) {
                return known;
            }
            var next = new ToTcp(host, port, sipStack, this, this::remove);
            messageChannels.put(key, next);
            return next;
        }

        @Override
        public synchronized MessageChannel createMessageChannel(HostPort target)
                throws IOException {
            return createMessageChannel(target.getInetAddress(), target.getPort());
        }
    }

    private static final class OverTls extends TLSMessageProcessor {
        OverTls(InetAddress address, SIPTransactionStack stack, int port) {
            super(address, stack, port);
        }

        @Override
        public synchronized MessageChannel createMessageChannel(InetAddress host, int port)
                throws IOException {
            String key = MessageChannel.getKey(host, port, "TLS");
            var known = messageChannels.get(key);
            if (known != null) {
                return known;
            }
            var next = new ToTls(host, port, sipStack, this, this::remove);
            messageChannels.put(key, next);
            return next;
        }

        @Override
        public synchronized MessageChannel createMessageChannel(HostPort target)
                throws IOException {
            return createMessageChannel(target.getInetAddress(), target.getPort());
        }
    }
}
