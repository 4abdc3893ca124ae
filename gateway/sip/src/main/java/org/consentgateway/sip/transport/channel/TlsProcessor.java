package org.consentgateway.sip.transport.channel;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.stack.ConnectionOrientedMessageChannel;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.TLSMessageProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one listening point over TLS, of either direction. Thread-safe. Those that
 * were accepted stand for no server: what is created for one is a connection of ours, whose
 * certificate has shown that it is the server.
 */
final class TlsProcessor extends TLSMessageProcessor {
    private final UnansweredRequests unanswered = new UnansweredRequests();

    /** Those that were accepted and of which a request has come, by their keys. */
    private final Map<String, ConnectionOrientedMessageChannel> accepted =
            new ConcurrentHashMap<>();

    TlsProcessor(InetAddress address, SIPTransactionStack stack, int port) {
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
        var next = new TlsChannel(connection, sipStack, this);
        incomingMessageChannels.put(next.getKey(), next);
    }

    @Override
    public synchronized MessageChannel createMessageChannel(InetAddress host, int port)
            throws IOException {
        String key = MessageChannel.getKey(host, port, "TLS");
        var known = messageChannels.get(key);
        if (known != null) {
            return known;
        }
        var next = new TlsChannel(host, port, sipStack, this);
        messageChannels.put(key, next);
        return next;
    }

    /** The connection that a peer has made from exactly there; null if there is none. */
    @Nullable MessageChannel accepted(InetAddress peer, int port) {
        return accepted.get(MessageChannel.getKey(peer, port, "TLS"));
    }

    /** The first request of one that was accepted has come: an earlier one from there is over. */
    @Override
    protected synchronized void cacheMessageChannel(ConnectionOrientedMessageChannel channel) {
        var before = accepted.put(channel.getKey(), channel);
        if (before != null) {
            before.close();
        }
    }

    @Override
    public synchronized MessageChannel createMessageChannel(HostPort target) throws IOException {
        return createMessageChannel(target.getInetAddress(), target.getPort());
    }

    /** Whether it is found by its address and port; another over the same socket equals it. */
    @SuppressWarnings("ReferenceEquality")
    boolean keeps(ConnectionOrientedMessageChannel channel) {
        String key = channel.getKey();
        return messageChannels.get(key) == channel
                || incomingMessageChannels.get(key) == channel
                || accepted.get(key) == channel;
    }

    /** Of one that could not be opened, or has ended, nothing is kept. */
    void forget(ConnectionOrientedMessageChannel ended) {
        boolean _ = messageChannels.remove(ended.getKey(), ended);
        boolean _ = incomingMessageChannels.remove(ended.getKey(), ended);
        boolean _ = accepted.remove(ended.getKey(), ended);
    }

    /**
     * A connection goes on as another, to another port.
     *
     * @param before what it was known by
     */
    void moved(ConnectionOrientedMessageChannel connection, String before) {
        boolean _ = messageChannels.remove(before, connection);
        boolean _ = incomingMessageChannels.remove(before, connection);
        boolean _ = accepted.remove(before, connection);
        messageChannels.putIfAbsent(connection.getKey(), connection);
    }
}
