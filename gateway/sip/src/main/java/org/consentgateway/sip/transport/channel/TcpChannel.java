package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.TCPMessageChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A connection over TCP. Thread-safe. One of ours that cannot be opened is forgotten. An answer
 * that cannot be sent because the peer has closed goes to the peer's address, at the port that its
 * Via tells (RFC 3261 §18.2.2): the stack takes the address from there as well, so that who wants
 * can have it connect to anybody, and neither reads nor closes that connection.
 */
final class TcpChannel extends TCPMessageChannel implements UnansweredRequests.Followed {
    /** One that was accepted; it is read from here on. */
    TcpChannel(Socket accepted, SIPTransactionStack stack, TcpProcessor by) throws IOException {
        super(accepted, stack, by, "sip-tcp-" + accepted.getPort());
    }

    /** One of ours, opened by the first message. */
    TcpChannel(InetAddress host, int port, SIPTransactionStack stack, TcpProcessor by)
            throws IOException {
        super(host, port, stack, by);
        isCached = true;
    }

    /** Of one connection, to its end. */
    @Override
    public void run() {
        Socket connection = mySock;
        if (connection == null) {
            return;
        }
        ReadConnection.once(
                connection,
                () -> ReadConnection.toItsEnd(connection.getInputStream(), this, sipStack),
                ((TcpProcessor) messageProcessor).keeps(this),
                () -> ended(connection));
    }

    @Override
    public UnansweredRequests unanswered() {
        return ((TcpProcessor) messageProcessor).unanswered();
    }

    @Override
    public synchronized @Nullable Socket connection() {
        return mySock;
    }

    /** Where there is another connection now, it goes on. */
    private synchronized void ended(Socket connection) {
        unanswered().ended(connection);
        if (ReadConnection.isLast(connection, mySock)) {
            close();
            ((TcpProcessor) messageProcessor).forget(this);
        }
    }

    /** The stack notes the address that the first request tells, unless there is one. */
    @Override
    public void processMessage(SIPMessage message) throws Exception {
        if (message instanceof SIPRequest) {
            peerAddressAdvertisedInHeaders = getPeerInetAddress().getHostAddress();
        }
        super.processMessage(message);
    }

    @Override
    protected synchronized void sendMessage(byte[] message, boolean isClient) throws IOException {
        send(isClient, () -> super.sendMessage(message, isClient));
    }

    @Override
    public synchronized void sendMessage(
            byte[] message, InetAddress receiver, int port, boolean retry) throws IOException {
        send(retry, () -> super.sendMessage(message, receiver, port, retry));
    }

    /**
     * @param isClient whether it is a request
     */
    private void send(boolean isClient, KeptSockets.OneMessage message) throws IOException {
        String before = key;
        try {
            if (!KeptSockets.take(KeptSockets.Way.byTcp(isClient), message)) {
                mySock.close();
                throw new IOException("a new connection takes nothing");
            }
        } finally {
            sent(before);
        }
    }

    /**
     * @param before the key until then: another if it went over another connection
     */
    private void sent(String before) throws IOException {
        var by = (TcpProcessor) messageProcessor;
        if (mySock == null) {
            // One that was open is forgotten by whoever reads it, when it ends.
            by.forget(this);
        } else if (!key.equals(before)) {
            by.moved(this, before);
            myClientInputStream = mySock.getInputStream();
            myClientOutputStream = mySock.getOutputStream();
            Thread.ofPlatform().daemon().name("sip-tcp-" + mySock.getPort()).start(this);
        }
    }
}
