package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.TLSMessageChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** As {@link TcpChannel}, over TLS. Thread-safe. */
final class TlsChannel extends TLSMessageChannel implements UnansweredRequests.Followed {
    /** One that was accepted; it is read from here on. */
    TlsChannel(Socket accepted, SIPTransactionStack stack, TlsProcessor by) throws IOException {
        super(accepted, stack, by, "sip-tls-" + accepted.getPort());
    }

    /** One of ours, opened by the first message. */
    TlsChannel(InetAddress host, int port, SIPTransactionStack stack, TlsProcessor by)
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
                () -> {
                    shake(connection);
                    ReadConnection.toItsEnd(connection.getInputStream(), this, sipStack);
                },
                ((TlsProcessor) messageProcessor).keeps(this),
                () -> ended(connection));
    }

    /** On the thread that reads, since a peer may keep it waiting; ours are shaken before. */
    private void shake(Socket connection) throws IOException {
        if (connection instanceof SSLSocket tls && !isHandshakeCompleted()) {
            tls.startHandshake();
            setHandshakeCompleted(true);
        }
    }

    @Override
    public UnansweredRequests unanswered() {
        return ((TlsProcessor) messageProcessor).unanswered();
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
            ((TlsProcessor) messageProcessor).forget(this);
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
            if (!KeptSockets.take(way(isClient), message)) {
                mySock.close();
                throw new IOException("a new connection takes nothing");
            }
        } finally {
            sent(before);
        }
    }

    private KeptSockets.Way way(boolean isClient) {
        return mySock instanceof SSLSocket tls && !tls.getUseClientMode()
                ? KeptSockets.Way.back(peerAddress, peerPort, isClient)
                : KeptSockets.Way.byTls(isClient);
    }

    /**
     * @param before the key until then: another if it went over another connection
     */
    private void sent(String before) throws IOException {
        var by = (TlsProcessor) messageProcessor;
        if (mySock == null) {
            // One that was open is forgotten by whoever reads it, when it ends.
            by.forget(this);
        } else if (!key.equals(before)) {
            by.moved(this, before);
            myClientInputStream = mySock.getInputStream();
            Thread.ofPlatform().daemon().name("sip-tls-" + mySock.getPort()).start(this);
        }
    }
}
