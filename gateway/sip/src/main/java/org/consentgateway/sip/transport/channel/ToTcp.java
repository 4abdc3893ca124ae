package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.stack.ConnectionOrientedMessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.TCPMessageChannel;
import gov.nist.javax.sip.stack.TCPMessageProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Consumer;

/** A connection of ours over TCP that is forgotten where it cannot be opened. Thread-safe. */
final class ToTcp extends TCPMessageChannel {
    private final Consumer<ConnectionOrientedMessageChannel> unopened;

    /**
     * @param unopened has it forgotten
     */
    ToTcp(
            InetAddress host,
            int port,
            SIPTransactionStack stack,
            TCPMessageProcessor by,
            Consumer<ConnectionOrientedMessageChannel> unopened)
            throws IOException {
        super(host, port, stack, by);
        this.unopened = unopened;
        isCached = true;
    }

    @Override
    protected synchronized void sendMessage(byte[] message, boolean isClient) throws IOException {
        try {
            super.sendMessage(message, isClient);
        } finally {
            forgetUnopened();
        }
    }

    @Override
    public synchronized void sendMessage(
            byte[] message, InetAddress receiver, int port, boolean retry) throws IOException {
        try {
            super.sendMessage(message, receiver, port, retry);
        } finally {
            forgetUnopened();
        }
    }

    /** One that was open is forgotten by whoever reads it, when it ends. */
    private void forgetUnopened() {
        if (mySock == null) {
            unopened.accept(this);
        }
    }
}
