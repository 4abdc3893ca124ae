package org.consentgateway.sip.transport.channel;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.stack.ConnectionOrientedMessageChannel;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.TCPMessageProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** The connections of one listening point over TCP, of either direction. Thread-safe. */
final class TcpProcessor extends TCPMessageProcessor {
    private final UnansweredRequests unanswered = new UnansweredRequests();

    TcpProcessor(InetAddress address, SIPTransactionStack stack, int port) {
        super(address, stack, port);
    }

    /** Over any of its connections. */
    UnansweredRequests unanswered() {
        return unanswered;
    }

    @Override
    public void run() {
        Accepting.from(sock, this::take);
    }

    /** One that could not listen has nothing to stop, and the stack stops the others behind it. */
    @Override
    public synchronized void stop() {
        if (sock != null) {
            super.stop();
        }
    }

    private void take(Socket connection) throws IOException {
        var next = new TcpChannel(connection, sipStack, this);
        incomingMessageChannels.put(next.getKey(), next);
    }

    @Override
    public synchronized MessageChannel createMessageChannel(InetAddress host, int port)
            throws IOException {
        String key = MessageChannel.getKey(host, port, "TCP");
        var known = messageChannels.get(key);
        if (known != null) {
            return known;
        }
        var next = new TcpChannel(host, port, sipStack, this);
        messageChannels.put(key, next);
        return next;
    }

    @Override
    public synchronized MessageChannel createMessageChannel(HostPort target) throws IOException {
        return createMessageChannel(target.getInetAddress(), target.getPort());
    }

    /** Whether it is found by its address and port; another over the same socket equals it. */
    @SuppressWarnings("ReferenceEquality")
    boolean keeps(ConnectionOrientedMessageChannel channel) {
        String key = channel.getKey();
        return messageChannels.get(key) == channel || incomingMessageChannels.get(key) == channel;
    }

    /** Of one that could not be opened, or has ended, nothing is kept. */
    void forget(ConnectionOrientedMessageChannel ended) {
        boolean _ = messageChannels.remove(ended.getKey(), ended);
        boolean _ = incomingMessageChannels.remove(ended.getKey(), ended);
    }

    /**
     * A connection goes on as another, to another port.
     *
     * @param before what it was known by
     */
    void moved(ConnectionOrientedMessageChannel connection, String before) {
        boolean _ = messageChannels.remove(before, connection);
        boolean _ = incomingMessageChannels.remove(before, connection);
        messageChannels.putIfAbsent(connection.getKey(), connection);
    }
}
