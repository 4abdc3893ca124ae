package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.stack.ConnectionOrientedMessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.TLSMessageChannel;
import gov.nist.javax.sip.stack.TLSMessageProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Consumer;

/** As {@link ToTcp}, over TLS. Thread-safe. */
final class ToTls extends TLSMessageChannel {
    private final Consumer<ConnectionOrientedMessageChannel> unopened;

    /**
     * @param unopened has it forgotten
     */
    ToTls(
            InetAddress host,
            int port,
            SIPTransactionStack stack,
            TLSMessageProcessor by,
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
