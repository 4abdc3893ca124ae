package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.stack.IOHandler;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.net.Socket;

/**
 * The open connection to each peer, by its address and port. Thread-safe. A peer that has lost its
 * connection may come again from the same port, and one that listens there may as well. What of the
 * stack remembers the former connection strikes out whatever stands under that name when it ends,
 * be it another: from then on everything would go to connections of our own that nobody takes, as
 * long as that of the peer lasts. Here one that is open stays.
 */
public final class KeptSockets extends IOHandler {
    public KeptSockets(SIPTransactionStack stack) {
        super(stack);
    }

    @Override
    protected void removeSocket(String key) {
        Socket there = getSocket(key);
        if (there == null || there.isClosed()) {
            super.removeSocket(key);
        }
    }
}
